"""`LogRate`: how often one member of a pipeline may say something, and how much of what it said was left out."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wardian.engine.log_form import Entry


@dataclass(slots=True)
class _Bucket:
    entry: Entry  # the last one
    tokens: float
    at: float
    left_out: int = 0


class LogRate:
    """A bucket of lines for each member and plugin; any thread may ask. Times are of a clock that does not go back.

    Args:
        per_second: lines a second in the long run.
        burst: lines at once.
    """

    def __init__(self, per_second: float = 100.0, burst: int = 1_000) -> None:
        self._per_second, self._burst = per_second, burst
        self._buckets: dict[tuple[str, str, str], _Bucket] = {}
        self._lock = threading.Lock()

    def admitted(self, entry: Entry, now: float) -> tuple[Entry, ...]:
        """What is to be written: the entry, after one that tells how many were left out before it; or nothing."""
        key = (entry.pipeline, entry.member, entry.plugin)
        with self._lock:
            bucket = self._buckets.get(key)
            if bucket is None:
                bucket = self._buckets[key] = _Bucket(entry, float(self._burst), now)
            self._fill(bucket, now)
            bucket.entry = entry
            if bucket.tokens < 1:
                bucket.left_out += 1
                return ()
            bucket.tokens -= 1
            return (*self._told(bucket), entry)

    def left_out(self, now: float) -> list[Entry]:
        """What tells of those that are quiet by now, and have not said since how many lines were left out."""
        told: list[Entry] = []
        with self._lock:
            for key, bucket in tuple(self._buckets.items()):
                self._fill(bucket, now)
                if bucket.tokens >= 1:
                    told += self._told(bucket)
                if bucket.tokens >= self._burst:
                    del self._buckets[key]  # as good as a new one
        return told

    def _fill(self, bucket: _Bucket, now: float) -> None:
        bucket.tokens = min(bucket.tokens + max(now - bucket.at, 0.0) * self._per_second, float(self._burst))
        bucket.at = max(bucket.at, now)

    def _told(self, bucket: _Bucket) -> tuple[Entry, ...]:
        if not bucket.left_out:
            return ()
        message = f"{bucket.left_out} lines were left out: more than {self._per_second:g} a second"
        bucket.left_out = 0
        return (replace(bucket.entry, at=time.time(), level="warn", message=message, fields={}),)
