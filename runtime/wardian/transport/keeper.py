"""What a pipeline keeps in its file: all that belongs together goes into one transaction of SQLite."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, Literal

from wardian.errors import CapabilityError, StateError
from wardian.state.memory import MemoryStore
from wardian.state.routed import RoutedStore
from wardian.state.staged import StagedStore
from wardian.transport.chunks import keep_chunks
from wardian.transport.dead_letters import keep_dead
from wardian.transport.packing import from_bytes, to_bytes
from wardian.transport.pending import Pending, keep_windows, window_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection, Sequence

    from wardian.state.contract import Scope, StateStore, Usage
    from wardian.state.sqlite import SqliteStore
    from wardian.state.staged import Staged
    from wardian.transport.contract import DeadLetter, Value, WindowChange
    from wardian.transport.packing import Packed

    StateMode = Literal["write_through", "checkpoint", "memory"]

_PURGE: Final = 16  # commits after which acknowledged chunks are deleted: each is a batch of a MiB or so
_MOST_RECORDS: Final = 10_000  # that a checkpoint keeps back in memory, and bytes of state: then it is written early
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
        below = MemoryStore() if state_mode == "memory" else file
        self._of_sources, self._of_steps = StagedStore(below), StagedStore(below)
        self._instances = {f"{pipeline}/{name}": name for name in sources}
        self.state: StateStore = RoutedStore(self._stage, self._usages)
        self.cursor = self._settled_cursor()
        self._pending = Pending(self.cursor)
        self._written_at = time.monotonic()
        self._unpurged = _PURGE  # what an earlier life has left

    def append(self, source: str, offset: object, packed: Sequence[Packed], *, start: str = "") -> int:
        """Write records with the offset of their source and its staged state; gives the cursor before the first."""
        name = f"{self.pipeline}/{source}"
        staged = self._of_sources.staged(lambda scope: scope.instance == name)
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
            self._settle(self._of_sources, staged)
        return before

    def commit(
        self, cursor: int, dead: Sequence[DeadLetter], windows: Sequence[WindowChange], held: Collection[Scope]
    ) -> None:
        """Write what a commit says, or keep it back until the next checkpoint."""
        pending = self._pending.after(cursor, dead, windows)
        if self._mode == "checkpoint" and not self._due(pending):
            self._pending = pending
            self._of_steps.keep(held)
        else:
            self._keep(pending, self._of_steps.staged(held=held))

    def checkpoint(self, *, now: bool = False) -> None:
        """Write what is kept back, when it is time or at once."""
        if self._pending.commits and (now or self._due(self._pending)):
            self._keep(self._pending, self._of_steps.staged(held=None))

    def rollback(self, source: str = "") -> None:
        """Forget what steps and sinks have staged since the last commit, or what this source has since its append."""
        if source:
            name = f"{self.pipeline}/{source}"
            self._of_sources.forget(lambda scope: scope.instance == name)
        else:
            self._of_steps.forget()

    def offset(self, source: str) -> object:
        """Where a source resumes, or None."""
        rows = self.file.database.select("SELECT offset FROM source WHERE name = ?", (source,))
        return from_bytes(rows[0][0], self.where) if rows else None

    def windows(self, member: str) -> list[tuple[int, Value]]:
        """The records in the open window of an aggregator, as of the last commit."""
        cleared, added = self._pending.windows.get(member, (False, ()))
        rows = self.file.database.select("SELECT data FROM window WHERE member = ? ORDER BY id", (member,))
        return [*(() if cleared else window_of(rows, self.where)), *added]

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
            self.state.close()
            self._of_sources.close()
            self._of_steps.close()
            self.file.close()

    def _due(self, pending: Pending) -> bool:
        return (
            time.monotonic() - self._written_at >= self._interval
            or pending.records > _MOST_RECORDS
            or self._of_steps.size() > _MOST_BYTES
        )

    def _keep(self, pending: Pending, staged: Sequence[Staged]) -> None:
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
        self._settle(self._of_steps, staged)
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

    def _settle(self, stage: StagedStore, staged: Sequence[Staged]) -> None:
        if self._mode == "memory":
            for scope, batch in staged:
                stage.below.shelf(scope).write(batch)
        stage.settle(staged)

    def _stage(self, scope: Scope) -> StagedStore:
        return self._of_sources if scope.instance in self._instances else self._of_steps

    def _usages(self) -> list[Usage]:
        found = {usage.scope: usage for usage in self._of_steps.scopes()}
        found |= {usage.scope: usage for usage in self._of_sources.scopes() if usage.scope.instance in self._instances}
        return list(found.values())

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
