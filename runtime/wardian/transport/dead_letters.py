"""The dead letters of a pipeline: records that were given up, to be looked at, mended, and sent on their way again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from wardian.abi.codec import CodecError
from wardian.errors import StateError
from wardian.transport.chunks import keep_chunks
from wardian.transport.contract import DeadLetter
from wardian.transport.packing import from_bytes, pack, to_bytes

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from wardian.state.sqlite import SqliteStore
    from wardian.transport.contract import Value

_COLUMNS: Final = "id, member, source, cursor, key, kind, code, message, attempts, at_ms, plugin, digest, data"
_KEEP: Final = (
    "INSERT INTO dead (member, source, cursor, key, kind, code, message, attempts, at_ms, plugin, digest, size, data)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which dead letters are meant; an empty text is any.

    Attributes:
        member: where they failed.
        source: where they came from.
        kind: the kind of their error.
        code: the code of their error.
    """

    member: str = ""
    source: str = ""
    kind: str = ""
    code: str = ""


class DeadLetters:
    """The dead letters in the file of a pipeline, which may be in use by a process that runs it.

    Args:
        file: the open file; its owner closes it.
    """

    def __init__(self, file: SqliteStore) -> None:
        self._file = file
        self._where = str(file.database.path)
        ((self.pipeline,),) = file.database.select("SELECT name FROM pipeline", ())

    def count(self) -> tuple[int, int]:
        """How many there are, and their bytes."""
        ((count, size),) = self._file.database.select("SELECT dead, dead_bytes FROM pipeline", ())
        return count, size

    def some(self, sought: Sought = Sought(), *, after: int = 0, most: int = 1000) -> list[DeadLetter]:
        """Those that are meant, in the order of their numbers: so many of them after one."""
        where, values = _condition(sought)
        sql = f"SELECT {_COLUMNS} FROM dead WHERE id > ?{where} ORDER BY id LIMIT ?"  # noqa: S608 - columns of ours
        rows = self._file.database.select(sql, (after, *values, most))
        return [self._letter(*row) for row in rows]

    def numbers(self, sought: Sought = Sought()) -> list[int]:
        """The numbers of all that are meant."""
        where, values = _condition(sought)
        sql = f"SELECT id FROM dead WHERE id > ?{where} ORDER BY id"  # noqa: S608 - columns of ours
        return [number for (number,) in self._file.database.select(sql, (0, *values))]

    def get(self, number: int) -> DeadLetter | None:
        """The one of this number, or None."""
        found = self.some(after=number - 1, most=1)
        return found[0] if found and found[0].id == number else None

    def edit(self, number: int, value: Value) -> bool:
        """Put another record in the place of the one that failed; whether there is a letter of this number.

        Raises:
            CodecError: it is none of the ABI.
        """
        letter = self.get(number)
        if letter is None:
            return False
        data, size = _packed(letter, value)
        changed = 0

        def work(connection: sqlite3.Connection) -> None:
            nonlocal changed
            done = connection.execute("UPDATE dead SET data = ?, size = ? WHERE id = ?", (data, size, number))
            changed = done.rowcount

        self._file.database.write(work)
        return changed == 1

    def replay(self, numbers: Sequence[int]) -> int:
        """Append these to the log of their pipeline, which has them go on where they failed; how many there were.

        All of them are appended and deleted in one transaction: no letter is lost, and none is sent twice.
        """
        replayed = 0

        def work(connection: sqlite3.Connection) -> None:
            nonlocal replayed
            for number in numbers:
                rows = connection.execute(f"SELECT {_COLUMNS} FROM dead WHERE id = ?", (number,)).fetchall()  # noqa: S608
                for row in rows:
                    letter = self._letter(*row)
                    keep_chunks(
                        connection, f"dead:{number}", pack([letter.value]), start=letter.member,
                        attempts=letter.attempts,
                    )  # fmt: skip
                    connection.execute("DELETE FROM dead WHERE id = ?", (number,))
                    replayed += 1

        self._file.database.write(work)
        return replayed

    def delete(self, numbers: Sequence[int]) -> int:
        """Forget these for good; how many there were."""
        deleted = 0

        def work(connection: sqlite3.Connection) -> None:
            nonlocal deleted
            for number in numbers:
                deleted += connection.execute("DELETE FROM dead WHERE id = ?", (number,)).rowcount

        self._file.database.write(work)
        return deleted

    def _letter(self, *row: Any) -> DeadLetter:  # noqa: ANN401
        number, member, source, cursor, key, kind, code, message, attempts, at_ms, plugin, digest, data = row
        try:
            value, details, trace = cast("tuple[Value, object, str]", from_bytes(data, self._where))
        except (TypeError, ValueError) as error:
            raise StateError(f"the dead letter {number} is damaged", code="state_corrupt", where=self._where) from error
        return DeadLetter(
            id=number, pipeline=self.pipeline, member=member, source=source, cursor=cursor, key=key, value=value,
            kind=kind, code=code, message=message, details=details, trace=trace, attempts=attempts, at_ms=at_ms,
            plugin=plugin, digest=digest,
        )  # fmt: skip


def keep_dead(
    connection: sqlite3.Connection, letters: Sequence[DeadLetter], most: int, most_bytes: int, where: str
) -> None:
    """Write dead letters, within a transaction.

    Raises:
        StateError: `dead_letters_full` when there would be too many.
    """
    for letter in letters:
        data, size = _packed(letter, letter.value)
        connection.execute(
            _KEEP,
            (
                letter.member, letter.source, letter.cursor, letter.key, letter.kind, letter.code, letter.message,
                letter.attempts, letter.at_ms, letter.plugin, letter.digest, size, data,
            ),
        )  # fmt: skip
    ((count, size),) = connection.execute("SELECT dead, dead_bytes FROM pipeline").fetchall()
    if count > most or size > most_bytes:
        kept = f"{most} dead letters" if count > most else f"{most_bytes} bytes of dead letters"
        raise StateError(
            f"there is no room for another dead letter: {kept} are kept at most", code="dead_letters_full", where=where,
            hint="replay or delete some of them: `wardian dead list`",
        )  # fmt: skip


def _packed(letter: DeadLetter, value: Value) -> tuple[bytes, int]:
    try:
        data = to_bytes([value, letter.details, letter.trace])
    except CodecError:
        to_bytes(value)  # whatever is wrong with the record is raised; details that are no plain data are told as text
        data = to_bytes([value, str(letter.details), letter.trace])
    return data, len(data) + len(letter.message.encode())


def _condition(sought: Sought) -> tuple[str, list[str]]:
    asked = {name: getattr(sought, name) for name in ("member", "source", "kind", "code") if getattr(sought, name)}
    return "".join(f" AND {name} = ?" for name in asked), list(asked.values())
