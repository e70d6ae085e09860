"""The end of a log, from the last commit on: what of it is in memory, how much it is, and who waits for it."""

from __future__ import annotations

import threading
from bisect import bisect_right
from dataclasses import dataclass
from itertools import repeat
from operator import attrgetter
from typing import TYPE_CHECKING, Final, Literal

from wardian.transport.contract import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from wardian.transport.contract import Value

    Waited = Literal["ready", "late", "woken"]

_FIRST: Final = attrgetter("first")
_COMPACT: Final = 512  # acknowledged chunks whose places in the list are let go of together


def require_read(before: int, cursor: int, read: int) -> None:
    """Refuse a commit that goes back, or acknowledges what was not read in order.

    Raises:
        ValueError: it does.
    """
    if not before <= cursor <= max(before, read):
        raise ValueError(f"the cursor {cursor} is not from {before}, the last one, to {read}, which was read")


@dataclass(slots=True)
class Chunk:
    """Records that were appended together.

    Attributes:
        first: the cursor of the first.
        count: how many.
        size: their bytes.
        source: as in each `Entry`; so are `start` and `attempts`.
        values: the records, or None where they are to be fetched.
        sizes: the bytes of each, once somebody has asked.
    """

    first: int
    count: int
    size: int
    source: str
    start: str = ""
    attempts: int = 0
    values: Sequence[Value] | None = None
    sizes: Sequence[int] | None = None

    @property
    def last(self) -> int:
        """The cursor of the last record."""
        return self.first + self.count - 1


class Tail:
    """What was appended and is not acknowledged; it is bounded by those who ask for room before they append.

    Any number of threads may use it; only one takes and drops.

    Args:
        cursor: the last record that is acknowledged.
        count: how many records there may be before it is full.
        size: how many bytes, likewise.
        kept: how many bytes of records are kept in memory; of the others only where they are. None keeps all.
        fetch: the records of a chunk that are not in memory.
        measure: the bytes of one record.
    """

    def __init__(
        self,
        cursor: int,
        *,
        count: int,
        size: int,
        kept: int | None,
        fetch: Callable[[Chunk], Sequence[Value]],
        measure: Callable[[Value], int],
    ) -> None:
        self.cursor = self.last = cursor
        self._count, self._most, self._keep = count, size, kept
        self._fetch, self._measure = fetch, measure
        self._chunks: list[Chunk] = []
        self._head = 0  # those before it are acknowledged
        self._size = self._kept = 0
        self._changed = threading.Condition()
        self._wakes = 0
        self._seen = threading.local()

    def push(self, chunk: Chunk) -> None:
        """Add what was appended next; the first of all may be acknowledged in part.

        Raises:
            ValueError: something is missing before it.
        """
        with self._changed:
            begun = not self._chunks and chunk.first <= self.last < chunk.last
            if chunk.first != self.last + 1 and not begun:
                raise ValueError(f"after {self.last} comes not {chunk.first}")
            if chunk.values is not None and self._keep is not None:
                if self._kept + chunk.size > self._keep:
                    chunk.values = chunk.sizes = None
                else:
                    self._kept += chunk.size
            self._chunks.append(chunk)
            self._size += chunk.size
            self.last = chunk.last
            self._changed.notify_all()

    def take(self, after: int, most: int, most_bytes: int) -> list[Entry]:
        """The records after a cursor: so many and of so many bytes at most, but one at least, if there is one."""
        entries: list[Entry] = []
        room = most_bytes
        for chunk in self._from(after + 1, most):
            values = chunk.values
            if values is None:
                values = self._fetch(chunk)
                chunk.sizes = None
            start = max(0, after + 1 - chunk.first)
            end = min(chunk.count, start + most - len(entries))
            full = chunk.size > room
            if full:
                end, full = self._fitting(chunk, values, start, end, room, least=not entries)
            places = range(chunk.first + start, chunk.first + end)
            same = repeat(chunk.source), values[start:end], repeat(chunk.start), repeat(chunk.attempts)
            entries.extend(map(tuple.__new__, repeat(Entry), zip(places, *same, strict=False)))
            if end < chunk.count and chunk.values is None:
                self._hold(chunk, values)
            if full or len(entries) >= most:
                break
            room -= chunk.size  # more than was taken of it, perhaps; to know what was, each would have to be measured
        return entries

    def drop(self, cursor: int) -> None:
        """Let go of all up to the cursor.

        Raises:
            ValueError: it goes back, or beyond the end.
        """
        with self._changed:
            if not self.cursor <= cursor <= self.last:
                raise ValueError(f"the cursor {cursor} is not from {self.cursor} to {self.last}")
            self.cursor = cursor
            head = self._head
            while head < len(self._chunks) and (chunk := self._chunks[head]).last <= cursor:
                head += 1
                self._size -= chunk.size
                if chunk.values is not None:
                    self._kept -= chunk.size
                    chunk.values = None
            if head >= _COMPACT or head == len(self._chunks):
                del self._chunks[:head]
                head = 0
            self._head = head
            self._changed.notify_all()

    def backlog(self) -> tuple[int, int]:
        """How many records and bytes there are; of a chunk that is acknowledged in part, its part of the bytes."""
        with self._changed:
            size = self._size
            if self._head < len(self._chunks):
                chunk = self._chunks[self._head]
                gone = max(0, self.cursor + 1 - chunk.first)
                size -= chunk.size * gone // chunk.count
            return self.last - self.cursor, size

    def room(self) -> int:
        """How many records there is room for."""
        count, size = self.backlog()
        return max(0, self._count - count) if size < self._most else 0

    def wait(self, ready: Callable[[], bool], timeout: float) -> Waited:
        """Wait until something is so, a time is over, or somebody woke this thread since it waited last."""
        with self._changed:
            seen = getattr(self._seen, "wakes", 0)
            self._changed.wait_for(lambda: ready() or self._wakes != seen, timeout)
            if ready():
                return "ready"
            if self._wakes == seen:
                return "late"
            self._seen.wakes = self._wakes
            return "woken"

    def wake(self) -> None:
        """Have each thread return from `wait`, now or at its next one."""
        with self._changed:
            self._wakes += 1
            self._changed.notify_all()

    def _from(self, first: int, most: int) -> list[Chunk]:
        with self._changed:
            if first <= self.cursor:
                raise ValueError(f"the record {first} is acknowledged already, all up to {self.cursor} are")
            begin = bisect_right(self._chunks, first, lo=self._head, key=_FIRST) - 1
            if first > self.last or begin < self._head:
                return []
            end, found = begin, self._chunks[begin].first - first
            while end < len(self._chunks) and found < most:
                found += self._chunks[end].count
                end += 1
            return self._chunks[begin:end]

    def _fitting(
        self, chunk: Chunk, values: Sequence[Value], start: int, end: int, room: int, *, least: bool
    ) -> tuple[int, bool]:
        """Where the records that fit end, and whether that is before the end that was wanted."""
        sizes = self._sizes(chunk, values)
        at = start
        while at < end and (sizes[at] <= room or (least and at == start)):
            room -= sizes[at]
            at += 1
        return at, at < end or room <= 0

    def _sizes(self, chunk: Chunk, values: Sequence[Value]) -> Sequence[int]:
        if chunk.sizes is None:
            chunk.sizes = list(map(self._measure, values))
        return chunk.sizes

    def _hold(self, chunk: Chunk, values: Sequence[Value]) -> None:
        """Keep what was fetched and is taken in part: the next to be taken is the rest of it."""
        with self._changed:
            if chunk.last > self.cursor:
                chunk.values = values
                self._kept += chunk.size
