"""A log in memory: what waits in it is gone with the process."""

from __future__ import annotations

import marshal
import threading
from typing import TYPE_CHECKING, Any, Final, Self

from wardian.errors import StateError
from wardian.state.memory import MemoryStore
from wardian.transport.tail import Chunk, Tail, require_read

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from types import TracebackType

    from wardian.state.contract import Scope, StateStore
    from wardian.transport.contract import DeadLetter, Entry, Value, WindowChange

_MARSHAL: Final = 2  # the last version that writes each text whole, so that the size is that of the content


class MemoryLog:
    """A `Log` in memory. Dead letters are in `dead`.

    Args:
        pipeline: the name of the pipeline.
        queue_count: how many records may wait before it is full.
        queue_bytes: how many bytes may, likewise; they are counted as Python writes them, near to what CBOR takes.
    """

    def __init__(self, *, pipeline: str, queue_count: int, queue_bytes: int) -> None:
        self.pipeline = pipeline
        self.state: StateStore = MemoryStore()
        self.dead: list[DeadLetter] = []
        self._offsets: dict[str, object] = {}
        self._windows: dict[str, list[tuple[int, Value]]] = {}
        self._tail = Tail(0, count=queue_count, size=queue_bytes, kept=None, fetch=_lost, measure=_size)
        self._read = 0
        self._appending = threading.Lock()
        self._closed = False

    def append(self, source: str, values: Sequence[Value], offset: object = None) -> int:
        """Keep these records until they are acknowledged."""
        self._check()
        values = tuple(values)
        size = _size(values) if values else 0
        with self._appending:
            if values:
                self._tail.push(Chunk(self._tail.last + 1, len(values), size, source, values=values))
            if offset is not None:
                self._offsets[source] = offset
            return self._tail.last

    def read(self, after: int, most: int, most_bytes: int, timeout: float) -> list[Entry]:
        """The records after a cursor."""
        self._check()
        entries = self._tail.take(after, most, most_bytes)
        if not entries:
            waited = self._tail.wait(lambda: self._tail.last > after, timeout)
            self._check()
            entries = self._tail.take(after, most, most_bytes) if waited == "ready" else []
        if entries and after <= self._read:
            self._read = max(self._read, entries[-1].cursor)
        return entries

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
        return self._offsets.get(source)

    def windows(self, member: str) -> list[tuple[int, Value]]:
        """The records in the open window of an aggregator."""
        return list(self._windows.get(member, ()))

    def commit(
        self,
        cursor: int,
        *,
        dead: Sequence[DeadLetter] = (),
        windows: Sequence[WindowChange] = (),
        held: Collection[Scope] = (),  # noqa: ARG002 - what is in memory needs no staging
    ) -> None:
        """Acknowledge all records up to the cursor."""
        self._check()
        require_read(self._tail.cursor, cursor, self._read)
        self._tail.drop(cursor)
        self.dead.extend(dead)
        for change in windows:
            window = self._windows.setdefault(change.member, [])
            if change.cleared:
                window.clear()
            window.extend(change.added)

    def rollback(self) -> None:
        """Forget what is staged."""

    def wake(self) -> None:
        """Have each thread that waits return."""
        self._tail.wake()

    def close(self) -> None:
        """Let go of everything."""
        self._closed = True
        self.state.close()
        self._tail.wake()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

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
