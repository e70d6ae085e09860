"""The rows in which records wait in the file of a pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from wardian.errors import StateError
from wardian.transport.packing import unpack
from wardian.transport.tail import Chunk

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from wardian.state.database import Database
    from wardian.transport.contract import Value
    from wardian.transport.packing import Packed

_LAST: Final = (
    "SELECT max(cursor, given, coalesce((SELECT first + count - 1 FROM chunk ORDER BY first DESC LIMIT 1), 0))"
    " FROM pipeline"
)
_KEEP: Final = "INSERT INTO chunk (first, count, size, source, start, attempts, data) VALUES (?, ?, ?, ?, ?, ?, ?)"
_LISTED: Final = (
    "SELECT first, count, size, source, start, attempts FROM chunk WHERE first + count - 1 > ? ORDER BY first"
)
_NEW: Final = "SELECT first, count, size, source, start, attempts FROM chunk WHERE first > ? ORDER BY first"
_ALL: Final = "SELECT first, count, size, source, start, attempts, data FROM chunk ORDER BY first"


def keep_chunks(
    connection: sqlite3.Connection, source: str, packed: Sequence[Packed], *, start: str = "", attempts: int = 0
) -> int:
    """Write records at the end of the log, within a transaction; gives the cursor before the first."""
    ((before,),) = connection.execute(_LAST).fetchall()
    first: int = before + 1
    for each in packed:
        count = len(each.values)
        connection.execute(_KEEP, (first, count, len(each.data), source, start, attempts, each.data))
        first += count
    return int(before)


def waiting(database: Database, cursor: int) -> list[Chunk]:
    """The chunks with a record after the cursor, without their records."""
    return [Chunk(*row) for row in database.select(_LISTED, (cursor,))]


def newer(database: Database, last: int) -> list[Chunk]:
    """The chunks that begin after a cursor, likewise."""
    return [Chunk(*row) for row in database.select(_NEW, (last,))]


def any_waiting(database: Database) -> bool:
    """Whether there are any."""
    return bool(database.select("SELECT 1 FROM chunk LIMIT 1", ()))


def fetch(database: Database, chunk: Chunk) -> list[Value]:
    """The records of a chunk.

    Raises:
        StateError: `state_corrupt` when they are not there, or not what was written.
    """
    rows = database.select("SELECT data FROM chunk WHERE first = ?", (chunk.first,))
    values = unpack(cast("bytes", rows[0][0]), str(database.path)) if rows else []
    if len(values) != chunk.count:
        raise StateError(
            f"the records from {chunk.first} on are not all there", code="state_corrupt", where=str(database.path)
        )
    return values


def take_all(connection: sqlite3.Connection, cursor: int, where: str) -> list[Chunk]:
    """All records after the cursor, and delete all chunks, within a transaction."""
    rows = connection.execute(_ALL).fetchall()
    if rows:
        connection.execute("DELETE FROM chunk")
    found: list[Chunk] = []
    for *head, data in rows:
        chunk = Chunk(*head)
        if chunk.last > cursor:
            gone = max(0, cursor + 1 - chunk.first)
            chunk.values = unpack(data, where)[gone:]
            chunk.size -= chunk.size * gone // chunk.count
            chunk.first, chunk.count = chunk.first + gone, chunk.count - gone
            found.append(chunk)
    return found
