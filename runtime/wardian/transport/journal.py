"""A log in SQLite: what was appended outlives the process until it is acknowledged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wardian.errors import StateError
from wardian.transport import chunks
from wardian.transport.keeper import Keeper
from wardian.transport.packing import measure, pack
from wardian.transport.tables import open_file
from wardian.transport.tail import Chunk, Tail, require_read
from wardian.transport.tailed import TailedLog

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Collection, Sequence

    from wardian.state.contract import Scope
    from wardian.state.database import Synchronous
    from wardian.transport.contract import DeadLetter, Value, WindowChange
    from wardian.transport.keeper import StateMode
    from wardian.transport.packing import Packed


class Journal(TailedLog):
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
            tail = Tail(
                self._keeper.cursor, count=queue_count, size=queue_bytes, kept=kept_bytes, fetch=self._fetch,
                measure=measure,
            )  # fmt: skip
            super().__init__(self._keeper, tail, self._keeper.where)
            for chunk in chunks.waiting(self._database, tail.cursor):
                self._push(chunk)
        except BaseException:
            file.close()
            raise

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
                self._add_newer()
            return self._tail.last

    @property
    def cursor(self) -> int:
        """The last record that is acknowledged on disk; a checkpoint may have more to acknowledge."""
        return self._keeper.cursor

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

    def _look(self) -> None:
        # Who appends looks as well, and may be waiting for the file for some seconds.
        if self._appending.acquire(blocking=False):
            try:
                self._add_newer()
            finally:
                self._appending.release()

    def _add_newer(self) -> None:
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
