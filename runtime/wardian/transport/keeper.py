"""What a pipeline keeps in its file: all that belongs together goes into one transaction of SQLite."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, Literal

from wardian.errors import CapabilityError, StateError
from wardian.state.memory import MemoryStore
from wardian.transport.chunks import keep_chunks, take_all
from wardian.transport.dead_letters import keep_dead
from wardian.transport.packing import from_bytes, to_bytes
from wardian.transport.pending import Pending, keep_windows, window_of
from wardian.transport.stages import Stages

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection, Sequence

    from wardian.state.contract import Scope
    from wardian.state.sqlite import SqliteStore
    from wardian.state.staged import Staged
    from wardian.transport.contract import DeadLetter, Value, WindowChange
    from wardian.transport.packing import Packed
    from wardian.transport.tail import Chunk

    StateMode = Literal["write_through", "checkpoint", "memory"]

_PURGE: Final = 16  # commits after which acknowledged chunks are deleted: each is a batch of a MiB or so
_MOST_RECORDS: Final = 10_000  # that a checkpoint keeps back in memory, and bytes of state: then it is written early
_PASSING: Final = frozenset({"state_full", "state_locked"})
_MOST_BYTES: Final = 64 * 2**20


class Keeper:
    """Writes and reads the file of one pipeline; who made it closes it, and the file with it.

    What sources stage is apart from what all others do: the one goes with `append`, the other with `commit`.

    Args:
        file: the open file.
        pipeline: the name of the pipeline.
        sources: the names of its sources. The state of a source is in the scopes whose instance is `PIPELINE/SOURCE`.
        state_mode: `write_through` writes with each commit, `checkpoint` once in an interval, `memory` no state at all.
        interval: seconds between two checkpoints.
        dead_most: how many dead letters there may be.
        dead_bytes: how many bytes they may have.
    """

    def __init__(
        self,
        file: SqliteStore,
        pipeline: str,
        sources: Collection[str],
        *,
        state_mode: StateMode,
        interval: float,
        dead_most: int,
        dead_bytes: int,
    ) -> None:
        self.file = file
        self.pipeline = pipeline
        self._mode, self._interval = state_mode, interval
        self._dead_most, self._dead_bytes = dead_most, dead_bytes
        self.stages = Stages(MemoryStore() if state_mode == "memory" else file, pipeline, sources)
        self.state = self.stages.state
        self.cursor = self._settled_cursor()
        self._pending = Pending(self.cursor)
        self._written_at = time.monotonic()
        self._unpurged = _PURGE  # what an earlier life has left

    def append(self, source: str, offset: object, packed: Sequence[Packed], *, start: str = "") -> int:
        """Write records with the offset of their source and its staged state; gives the cursor before the first."""
        staged = self.stages.of_source(source)
        data = None if offset is None else to_bytes(offset)
        before = 0

        def work(connection: sqlite3.Connection) -> None:
            nonlocal before
            before = keep_chunks(connection, source, packed, start=start) if packed else 0
            if data is not None:
                connection.execute("INSERT OR REPLACE INTO source (name, offset) VALUES (?, ?)", (source, data))
            self._put(connection, staged)

        if packed or staged or data is not None:
            self._write(work)
            self._settle(staged)
        return before

    def commit(
        self, cursor: int, dead: Sequence[DeadLetter], windows: Sequence[WindowChange], held: Collection[Scope]
    ) -> None:
        """Write what a commit says, or keep it back until the next checkpoint."""
        pending = self._pending.after(cursor, dead, windows)
        if self._mode == "checkpoint" and not self._due(pending):
            self._pending = pending
            self.stages.keep(held)
        else:
            self._keep(pending, self.stages.of_steps(held))

    def checkpoint(self, *, now: bool = False, patient: bool = False) -> None:
        """Write what is kept back, when it is time or at once; who is patient is content where it fails for a while."""
        if not self._pending.commits or not (now or self._due(self._pending)):
            return
        try:
            self._keep(self._pending, self.stages.of_steps(None))
        except StateError as error:
            if not patient or error.code not in _PASSING:  # the next commit tries it again, and raises
                raise

    def offset(self, source: str) -> object:
        """Where a source resumes, or None."""
        rows = self.file.database.select("SELECT offset FROM source WHERE name = ?", (source,))
        return from_bytes(rows[0][0], self.where) if rows else None

    def windows(self, member: str) -> list[tuple[int, Value]]:
        """The records in the open window of an aggregator, as of the last commit."""
        cleared, added = self._pending.windows.get(member, (False, ()))
        rows = self.file.database.select("SELECT data FROM window WHERE member = ? ORDER BY id", (member,))
        return [*(() if cleared else window_of(rows, self.where)), *added]

    def claim(self, count: int) -> tuple[int, list[Chunk]]:
        """For a log that is in memory: so many cursors that were never given before, from the one after the first.

        What waits in the file, such as replayed dead letters, is taken out of it.
        """
        given, found = 0, []

        def work(connection: sqlite3.Connection) -> None:
            nonlocal given, found
            found = take_all(connection, self.cursor, self.where)
            ((given,),) = connection.execute("SELECT max(cursor, given) FROM pipeline").fetchall()
            if count:
                connection.execute("UPDATE pipeline SET given = ?", (given + count,))

        self._write(work)
        return given, found

    @property
    def where(self) -> str:
        """The file, for errors."""
        return str(self.file.database.path)

    def close(self) -> None:
        """Write what is kept back, and close the file.

        Raises:
            StateError: it could not be written; the file is closed all the same.
        """
        try:
            self.checkpoint(now=True)
        finally:
            self.stages.close()
            self.file.close()

    def _due(self, pending: Pending) -> bool:
        return (
            time.monotonic() - self._written_at >= self._interval
            or pending.records > _MOST_RECORDS
            or self.stages.size() > _MOST_BYTES
        )

    def _keep(self, pending: Pending, staged: Sequence[Staged]) -> None:
        if pending.cursor == self.cursor and not (staged or pending.dead or pending.windows):
            self._pending = Pending(pending.cursor)
            return
        purge = self._unpurged >= _PURGE
        unpurged = 0 if purge else self._unpurged + 1

        def work(connection: sqlite3.Connection) -> None:
            if purge:  # first, as what is written then finds room in a file that may not grow
                connection.execute(
                    "DELETE FROM chunk WHERE first <= ? AND first + count - 1 <= ?", (pending.cursor, pending.cursor)
                )
            moved = connection.execute(
                "UPDATE pipeline SET cursor = ? WHERE cursor = ?", (pending.cursor, self.cursor)
            )  # fmt: skip
            if moved.rowcount != 1:
                raise _moved(self.where)
            self._put(connection, staged)
            keep_windows(connection, pending)
            if pending.dead:
                keep_dead(connection, pending.dead, self._dead_most, self._dead_bytes, self.where)

        self._unpurged = _PURGE  # should it fail, the next attempt makes room before all else
        self._write(work)
        self._unpurged = unpurged
        self._settle(staged)
        self.cursor = pending.cursor
        self._pending = Pending(pending.cursor)
        self._written_at = time.monotonic()

    def _write(self, work: Callable[[sqlite3.Connection], None]) -> None:
        try:
            self.file.database.write(work)
        except CapabilityError as error:  # of a scope whose state is not as it was
            raise _moved(self.where) from error

    def _put(self, connection: sqlite3.Connection, staged: Sequence[Staged]) -> None:
        if self._mode != "memory":
            for scope, batch in staged:
                self.file.put(connection, scope, batch)

    def _settle(self, staged: Sequence[Staged]) -> None:
        self.stages.settle(staged, below=self._mode == "memory")

    def _settled_cursor(self) -> int:
        """The cursor; where a log in memory has given away later ones, that of the last of these.

        Between it and the first record that waits there is then nothing.
        """
        select = self.file.database.select
        ((cursor, given),) = select("SELECT cursor, given FROM pipeline", ())
        ((first,),) = select("SELECT min(first) FROM chunk WHERE first + count - 1 > ?", (cursor,))
        start: int = max(cursor, given) if first is None else max(cursor, min(given, first - 1))

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("UPDATE pipeline SET cursor = ?", (start,))

        if start > cursor:
            self._write(work)
        return start


def _moved(where: str) -> StateError:
    return StateError(
        "another process has written to this pipeline meanwhile", code="state_conflict", where=where,
        hint="a pipeline runs in one process at a time",
    )  # fmt: skip
