"""A log in SQLite: what was appended outlives the process until it is acknowledged."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final, Self

from wardian.errors import StateError
from wardian.transport import chunks
from wardian.transport.keeper import Keeper
from wardian.transport.packing import measure, pack
from wardian.transport.tables import open_file
from wardian.transport.tail import Chunk, Tail, require_read

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Collection, Sequence
    from types import TracebackType

    from wardian.state.contract import Scope, StateStore
    from wardian.state.database import Synchronous
    from wardian.transport.contract import DeadLetter, Entry, Value, WindowChange
    from wardian.transport.keeper import StateMode
    from wardian.transport.packing import Packed

_LOOK: Final = 0.5  # seconds between two looks for what other processes have appended


class Journal:
    """A `Log` in one SQLite file, together with the state of its pipeline's plugins and its dead letters.

    Args:
        path: the file, made with its directory when there is none.
        pipeline: the name of the pipeline.
        sources: the names of its sources: the state of their plugins goes with `append`, all other with `commit`.
        queue_count: how many records may wait before it is full.
        queue_bytes: how many bytes may, likewise.
        synchronous: `FULL` keeps every commit through a power failure, `NORMAL` through a crash of the process only.
        state_mode: `write_through` writes with each commit; `checkpoint` keeps what commits say in memory and writes it
            each `interval`, so that nothing is acknowledged before; `memory` writes no state.
        interval: seconds between two checkpoints.
        dead_most: how many dead letters there may be.
        dead_bytes: how many bytes they may have.
        kept_bytes: how many bytes of records that wait are kept in memory as well, so that they need not be read again.
        patience: seconds to wait for another process's commit.
        max_bytes: how large the file may grow, or None.
        now_ms: the time in milliseconds since 1970, for tests.

    Raises:
        StateError: `state_corrupt`, `state_newer`, or that the path cannot be used. Nothing is repaired or made anew.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        pipeline: str,
        sources: Collection[str],
        queue_count: int,
        queue_bytes: int,
        synchronous: Synchronous = "NORMAL",
        state_mode: StateMode = "write_through",
        interval: float = 10.0,
        dead_most: int = 100_000,
        dead_bytes: int = 2**30,
        kept_bytes: int = 16 * 2**20,
        patience: float = 5.0,
        max_bytes: int | None = None,
        now_ms: Callable[[], int] | None = None,
    ) -> None:
        file = open_file(
            path, pipeline, synchronous=synchronous, patience=patience, max_bytes=max_bytes, now_ms=now_ms
        )  # fmt: skip
        self._database = file.database
        try:
            self._keeper = Keeper(
                file, pipeline, sources, state_mode=state_mode, interval=interval, dead_most=dead_most,
                dead_bytes=dead_bytes,
            )  # fmt: skip
            self._tail = Tail(
                self._keeper.cursor, count=queue_count, size=queue_bytes, kept=kept_bytes, fetch=self._fetch,
                measure=measure,
            )  # fmt: skip
            for chunk in chunks.waiting(self._database, self._tail.cursor):
                self._push(chunk)
        except BaseException:
            file.close()
            raise
        self.state: StateStore = self._keeper.state
        self._appending = threading.Lock()
        self._looked_at = time.monotonic()
        self._read = self._tail.cursor
        self._closed = False

    def append(self, source: str, values: Sequence[Value], offset: object = None) -> int:
        """Write these records, where the source resumes, and what is staged of its state, in one transaction.

        Raises:
            CodecError: one of the records is none of the ABI.
        """
        self._check()
        packed = pack(values)
        with self._appending:
            before = self._keeper.append(source, offset, packed)
            if packed and before == self._tail.last:
                self._push_packed(before + 1, source, packed)
            elif packed:  # after what another process has appended
                self._look()
            return self._tail.last

    def read(self, after: int, most: int, most_bytes: int, timeout: float) -> list[Entry]:
        """The records after a cursor; those of other processes are seen after 0.5 s at most."""
        until = time.monotonic() + timeout
        while True:
            self._check()
            if entries := self._tail.take(after, most, most_bytes):
                if after <= self._read:
                    self._read = max(self._read, entries[-1].cursor)
                return entries
            self._idle()
            left = until - time.monotonic()
            waited = self._tail.wait(lambda: self._tail.last > after, min(_LOOK, left))
            if waited == "woken" or (waited == "late" and left <= _LOOK):
                self._check()
                return []

    def room(self) -> int:
        """How many records may still be appended."""
        return self._tail.room()

    def wait_for_room(self, timeout: float) -> bool:
        """Wait until there is room; whether there is."""
        self._check()
        return self._tail.wait(lambda: self._tail.room() > 0, timeout) == "ready"

    def backlog(self) -> tuple[int, int]:
        """How many records, and bytes, are not acknowledged."""
        return self._tail.backlog()

    @property
    def cursor(self) -> int:
        """The last record that is acknowledged on disk; a checkpoint may have more to acknowledge."""
        return self._keeper.cursor

    def offset(self, source: str) -> object:
        """Where the source resumes, or None."""
        return self._keeper.offset(source)

    def windows(self, member: str) -> list[tuple[int, Value]]:
        """The records in the open window of an aggregator, as of the last commit."""
        return self._keeper.windows(member)

    def commit(
        self,
        cursor: int,
        *,
        dead: Sequence[DeadLetter] = (),
        windows: Sequence[WindowChange] = (),
        held: Collection[Scope] = (),
    ) -> None:
        """Acknowledge all records up to the cursor, together with what came of them."""
        self._check()
        require_read(self._tail.cursor, cursor, self._read)
        self._keeper.commit(cursor, dead, windows, held)
        self._tail.drop(cursor)

    def rollback(self, source: str = "") -> None:
        """Forget what is staged since the last commit; with a source, what that has staged since its last append."""
        self._keeper.stages.rollback(source)

    def forget(self, scope: Scope) -> None:
        """Forget what is staged of one scope since a commit last wrote it."""
        self._keeper.stages.forget(scope)

    def wake(self) -> None:
        """Have each thread that waits return."""
        self._tail.wake()

    def close(self) -> None:
        """Write what a checkpoint has kept back, and close the file.

        Raises:
            StateError: it could not be written, and will come again; the file is closed all the same.
        """
        if self._closed:
            return
        self._closed = True
        self._tail.wake()
        self._keeper.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _idle(self) -> None:
        """What is done while nothing is to be read: a checkpoint that is due, and a look for other processes."""
        self._keeper.checkpoint(patient=True)
        if time.monotonic() - self._looked_at >= _LOOK:
            with self._appending:
                self._look()

    def _look(self) -> None:
        self._looked_at = time.monotonic()
        for chunk in chunks.newer(self._database, self._tail.last):
            self._push(chunk)

    def _push_packed(self, first: int, source: str, packed: Sequence[Packed]) -> None:
        for each in packed:
            count = len(each.values)
            self._push(Chunk(first, count, len(each.data), source, values=each.values, sizes=each.sizes))
            first += count

    def _push(self, chunk: Chunk) -> None:
        try:
            self._tail.push(chunk)
        except ValueError as error:
            raise StateError(
                f"records are missing: {error}", code="state_corrupt", where=self._keeper.where,
                hint="keep the file aside and restore a copy of it",
            ) from error  # fmt: skip

    def _fetch(self, chunk: Chunk) -> Sequence[Value]:
        return chunks.fetch(self._database, chunk)

    def _check(self) -> None:
        if self._closed:
            raise StateError("the log is closed", code="state_closed", where=self._keeper.where)
