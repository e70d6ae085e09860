"""`Holdings`: what the file of one pipeline holds, in numbers; and how what belongs to one member is forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import sqlite3

    from wardian.state.contract import Usage
    from wardian.state.sqlite import SqliteStore


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a file holds.

    Attributes:
        cursor: the last record that is acknowledged.
        waiting: records after it.
        waiting_bytes: their bytes, as they are encoded.
        dead: dead letters.
        offsets: the names of sources whose place is known.
        windows: the names of aggregators with an open window.
        state: what plugins keep, by scope.
    """

    cursor: int
    waiting: int
    waiting_bytes: int
    dead: int
    offsets: tuple[str, ...]
    windows: tuple[str, ...]
    state: tuple[Usage, ...]

    @classmethod
    def of(cls, file: SqliteStore) -> Self:
        """What it holds now.

        Raises:
            StateError: the file cannot be read.
        """
        select = file.database.select
        ((cursor, dead),) = select("SELECT cursor, dead FROM pipeline", ())
        last, size = select(
            "SELECT coalesce(max(first + count - 1), 0), coalesce(sum(size), 0) FROM chunk WHERE first + count > ? + 1",
            (cursor,),
        )[0]
        return cls(
            cursor, max(last - cursor, 0), size, dead,
            tuple(name for (name,) in select("SELECT name FROM source ORDER BY name", ())),
            tuple(name for (name,) in select("SELECT DISTINCT member FROM window ORDER BY member", ())),
            tuple(file.scopes()),
        )  # fmt: skip


def forget(file: SqliteStore, pipeline: str, member: str) -> bool:
    """Forget the state of one member, its open window, and where it stands if it is a source; whether there was any.

    Records that wait, and dead letters, stay. Nobody else may have the file open.

    Args:
        file: that of the pipeline.
        pipeline: its name.
        member: the name of the member; an empty text means what the uses of a plugin share in the pipeline.

    Raises:
        StateError: the file cannot be written; nothing is forgotten then.
    """
    gone = 0

    def work(connection: sqlite3.Connection) -> None:
        nonlocal gone
        for table in ("entry", "scope"):
            done = connection.execute(f"DELETE FROM {table} WHERE instance = ?", (f"{pipeline}/{member}",))  # noqa: S608 - one of two names
            gone += done.rowcount
        gone += connection.execute("DELETE FROM source WHERE name = ?", (member,)).rowcount
        gone += connection.execute("DELETE FROM window WHERE member = ?", (member,)).rowcount

    file.database.write(work)
    return gone > 0
