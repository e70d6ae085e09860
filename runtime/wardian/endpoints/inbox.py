"""`Inbox`: records that wait to be polled, bounded by their count and their bytes."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wardian.record import Record


class Inbox:
    """A queue that says when it is full, and never waits.

    Threads: may be used from several at once.

    Args:
        most: records that it holds.
        most_bytes: bytes of what they were made of.
    """

    def __init__(self, most: int, most_bytes: int) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._waiting: deque[tuple[Record, int]] = deque()
        self._bytes = self._put = self._taken = 0
        self._shut = False
        self._lock = threading.Lock()

    def put(self, record: Record, size: int) -> int:
        """Take a record, and give its number, from 1 on; 0 where that would be too much, or it is shut."""
        with self._lock:
            if self._shut or len(self._waiting) >= self._most or self._bytes + size > self._most_bytes:
                return 0
            self._waiting.append((record, size))
            self._bytes += size
            self._put += 1
            return self._put

    def take(self, most: int) -> list[Record]:
        """The oldest records, so many at most."""
        taken: list[Record] = []
        with self._lock:
            while self._waiting and len(taken) < most:
                record, size = self._waiting.popleft()
                self._bytes -= size
                taken.append(record)
            self._taken += len(taken)
        return taken

    @property
    def taken(self) -> int:
        """The number of the last record that was taken out."""
        return self._taken

    def shut(self) -> None:
        """Take nothing any more; what waits can still be taken out."""
        with self._lock:
            self._shut = True

    @property
    def is_shut(self) -> bool:
        """Whether it takes nothing any more."""
        return self._shut

    def __len__(self) -> int:
        return len(self._waiting)
