"""What a commit writes beside state: of one, or of several that are kept back and written together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from wardian.errors import StateError
from wardian.transport.packing import from_bytes, to_bytes

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from wardian.transport.contract import DeadLetter, Value, WindowChange


@dataclass(frozen=True)
class Pending:
    """What is to be written together.

    Attributes:
        cursor: the last record that it acknowledges.
        dead: dead letters.
        windows: for each aggregator what has changed: whether what is kept is gone, and what was added.
        commits: of how many commits it is.
    """

    cursor: int
    dead: tuple[DeadLetter, ...] = ()
    windows: dict[str, tuple[bool, tuple[tuple[int, Value], ...]]] = field(default_factory=dict)
    commits: int = 0

    def after(self, cursor: int, dead: Sequence[DeadLetter], windows: Sequence[WindowChange]) -> Pending:
        """This, and what the next commit writes."""
        changed = dict(self.windows) if windows else self.windows
        for change in windows:
            cleared, added = changed.get(change.member, (False, ()))
            before = () if change.cleared else added
            changed[change.member] = cleared or change.cleared, (*before, *change.added)
        return Pending(cursor, (*self.dead, *dead), changed, self.commits + 1)

    @property
    def records(self) -> int:
        """How many records it holds, which are in memory until it is written."""
        return len(self.dead) + sum(len(added) for _, added in self.windows.values())


def keep_windows(connection: sqlite3.Connection, pending: Pending) -> None:
    """Write what has become of windows."""
    for member, (cleared, added) in pending.windows.items():
        if cleared:
            connection.execute("DELETE FROM window WHERE member = ?", (member,))
        if added:
            data = to_bytes([[cursor, value] for cursor, value in added])
            connection.execute("INSERT INTO window (member, data) VALUES (?, ?)", (member, data))


def window_of(rows: Sequence[tuple[bytes]], where: str) -> list[tuple[int, Value]]:
    """The records in the rows of one window.

    Raises:
        StateError: `state_corrupt`.
    """
    found: list[tuple[int, Value]] = []
    for (data,) in rows:
        try:
            for cursor, value in cast("list[tuple[int, Value]]", from_bytes(data, where)):
                found.append((cursor, value))
        except (TypeError, ValueError) as error:
            raise StateError("the window is damaged", code="state_corrupt", where=where) from error
    return found
