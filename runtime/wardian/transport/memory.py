"""A log in memory: what waits in it is gone with the process."""

from __future__ import annotations

import marshal
from typing import TYPE_CHECKING, Any, Final

from wardian.transport import chunks
from wardian.transport.forgetful import Forgetful
from wardian.transport.keeper import Keeper
from wardian.transport.tables import open_file
from wardian.transport.tail import Chunk, Tail, require_read
from wardian.transport.tailed import TailedLog

if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Sequence

    from wardian.state.contract import Scope
    from wardian.state.database import Synchronous
    from wardian.transport.contract import DeadLetter, Value, WindowChange
    from wardian.transport.keeper import StateMode

_MARSHAL: Final = 2  # the last version that writes each text whole, so that the size is that of the content
_CLAIM: Final = 1_000_000  # cursors that are taken at once, so that none is given twice, whatever is lost


class MemoryLog(TailedLog):
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
        tail = Tail(self._given, count=queue_count, size=queue_bytes, kept=None, fetch=_lost, measure=_size)
        super().__init__(self._keeper, tail, pipeline)
        self._windows: dict[str, list[tuple[int, Value]]] = {}
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

    @property
    def cursor(self) -> int:
        """The last record that is acknowledged."""
        return self._tail.cursor

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

    def _look(self) -> None:
        keeper = self._keeper
        if isinstance(keeper, Keeper) and chunks.any_waiting(keeper.file.database):
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


def _size(value: Any) -> int:  # noqa: ANN401
    try:
        return len(marshal.dumps(value, _MARSHAL))
    except ValueError:  # a point in time, which Python does not write so
        return len(repr(value))


def _lost(chunk: Chunk) -> Sequence[Value]:
    raise AssertionError(f"the records from {chunk.first} on were not kept")
