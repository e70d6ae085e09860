"""A log in memory: what waits in it is gone with the process."""

from __future__ import annotations

import marshal
import threading
import time
from typing import TYPE_CHECKING, Any, Final, Self

from wardian.errors import StateError
from wardian.transport import chunks
from wardian.transport.forgetful import Forgetful
from wardian.transport.keeper import Keeper
from wardian.transport.tables import open_file
from wardian.transport.tail import Chunk, Tail, require_read

if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Sequence
    from types import TracebackType

    from wardian.state.contract import Scope
    from wardian.state.database import Synchronous
    from wardian.transport.contract import DeadLetter, Entry, Value, WindowChange
    from wardian.transport.keeper import StateMode

_MARSHAL: Final = 2  # the last version that writes each text whole, so that the size is that of the content
_LOOK: Final = 0.5  # seconds between two looks for dead letters that another process replays
_CLAIM: Final = 1_000_000  # cursors that are taken at once, so that none is given twice, whatever is lost


class MemoryLog:
    """A `Log` in memory. With a file, the state of the plugins, offsets and dead letters outlive it, records do not.

    What is lost with the process are the records that waited or were on their way, and the open windows: the offset of
    a source is written before its records are given to anybody, so that none is delivered twice.

    Args:
        pipeline: the name of the pipeline.
        queue_count: how many records may wait before it is full.
        queue_bytes: how many bytes may, likewise; they are counted as Python writes them, near to what CBOR takes.
        path: the file, that of a `Journal`; or None, and nothing is written.
        sources: as of a `Journal`, and so are the others.
        synchronous: likewise.
        state_mode: likewise.
        interval: likewise.
        dead_most: likewise.
        dead_bytes: likewise.
        patience: likewise.
        max_bytes: likewise.

    Raises:
        StateError: as of a `Journal`.
    """

    def __init__(
        self,
        *,
        pipeline: str,
        queue_count: int,
        queue_bytes: int,
        path: str | os.PathLike[str] | None = None,
        sources: Collection[str] = (),
        synchronous: Synchronous = "NORMAL",
        state_mode: StateMode = "write_through",
        interval: float = 10.0,
        dead_most: int = 100_000,
        dead_bytes: int = 2**30,
        patience: float = 5.0,
        max_bytes: int | None = None,
    ) -> None:
        self.pipeline = pipeline
        self._keeper: Keeper | Forgetful = Forgetful(pipeline, sources)
        if path is not None:
            file = open_file(path, pipeline, synchronous=synchronous, patience=patience, max_bytes=max_bytes)
            try:
                self._keeper = Keeper(
                    file, pipeline, sources, state_mode=state_mode, interval=interval, dead_most=dead_most,
                    dead_bytes=dead_bytes,
                )  # fmt: skip
                self._given, waiting = self._keeper.claim(_CLAIM)
            except BaseException:
                file.close()
                raise
        else:
            self._given, waiting = 0, []
        self.state = self._keeper.state
        self._tail = Tail(
            self._given, count=queue_count, size=queue_bytes, kept=None, fetch=_lost, measure=_size
        )  # fmt: skip
        self._windows: dict[str, list[tuple[int, Value]]] = {}
        self._read = self._tail.cursor
        self._appending = threading.Lock()
        self._looked_at = time.monotonic()
        self._closed = False
        for chunk in waiting:
            self._push(chunk)

    @property
    def dead(self) -> list[DeadLetter]:
        """The dead letters of a log without a file."""
        return self._keeper.dead if isinstance(self._keeper, Forgetful) else []

    def append(self, source: str, values: Sequence[Value], offset: object = None) -> int:
        """Write where the source resumes and what is staged of its state, and then have these records wait."""
        self._check()
        values = tuple(values)
        size = _size(values) if values else 0
        with self._appending:
            self._claim(len(values))
            self._keeper.append(source, offset, ())
            if values:
                self._push(Chunk(0, len(values), size, source, values=values))
            return self._tail.last

    def read(self, after: int, most: int, most_bytes: int, timeout: float) -> list[Entry]:
        """The records after a cursor."""
        until = time.monotonic() + timeout
        while True:
            self._check()
            self._look()
            if entries := self._tail.take(after, most, most_bytes):
                if after <= self._read:
                    self._read = max(self._read, entries[-1].cursor)
                return entries
            self._keeper.checkpoint(patient=True)
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
        """The last record that is acknowledged."""
        return self._tail.cursor

    def offset(self, source: str) -> object:
        """Where the source resumes, or None."""
        return self._keeper.offset(source)

    def windows(self, member: str) -> list[tuple[int, Value]]:
        """The records in the open window of an aggregator."""
        return list(self._windows.get(member, ()))

    def commit(
        self,
        cursor: int,
        *,
        dead: Sequence[DeadLetter] = (),
        windows: Sequence[WindowChange] = (),
        held: Collection[Scope] = (),
    ) -> None:
        """Acknowledge all records up to the cursor, and write state and dead letters together."""
        self._check()
        require_read(self._tail.cursor, cursor, self._read)
        self._keeper.commit(self._keeper.cursor, dead, (), held)
        self._tail.drop(cursor)
        for change in windows:
            window = self._windows.setdefault(change.member, [])
            if change.cleared:
                window.clear()
            window.extend(change.added)

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
        """Write what a checkpoint has kept back, and let go of everything.

        Raises:
            StateError: it could not be written; all is closed nevertheless.
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

    def _look(self) -> None:
        """Take what another process has appended to the file."""
        keeper = self._keeper
        if time.monotonic() - self._looked_at < _LOOK or isinstance(keeper, Forgetful):
            return
        self._looked_at = time.monotonic()
        if chunks.any_waiting(keeper.file.database):
            _, waiting = keeper.claim(0)
            with self._appending:
                for chunk in waiting:
                    self._push(chunk)

    def _push(self, chunk: Chunk) -> None:
        chunk.first = self._tail.last + 1
        self._tail.push(chunk)

    def _claim(self, count: int) -> None:
        """See that the next cursors are ours: a key that is made of one must never be made again."""
        if isinstance(self._keeper, Keeper) and self._tail.last + count > self._given + _CLAIM:
            self._given, waiting = self._keeper.claim(count + _CLAIM)
            for chunk in waiting:
                self._push(chunk)

    def _check(self) -> None:
        if self._closed:
            raise StateError("the log is closed", code="state_closed", where=self.pipeline)


def _size(value: Any) -> int:  # noqa: ANN401
    try:
        return len(marshal.dumps(value, _MARSHAL))
    except ValueError:  # a point in time, which Python does not write so
        return len(repr(value))


def _lost(chunk: Chunk) -> Sequence[Value]:
    raise AssertionError(f"the records from {chunk.first} on were not kept")
