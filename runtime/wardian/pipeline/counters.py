"""`Counters`: what one member of a pipeline has done, counted by the thread that does it and read by any."""

from __future__ import annotations

import time
from bisect import bisect_left
from dataclasses import dataclass
from typing import Final

# Seconds: each bound is two and a half, or twice, the one before; from a call of a small guest to a hung server.
BOUNDS: Final = (
    0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
    0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0,
)  # fmt: skip
_ERROR: Final = 1_000  # characters that are kept of an error's text


class Counters:
    """What one source, step or sink has done since it began; numbers only grow, but for `memory`.

    One thread writes, without a lock; any thread may read, and sees numbers that may be one call apart from each other.

    Attributes:
        records_in: records that were given to it; of a source none.
        records_out: records that came of it; of a sink those that it took.
        failed: records that failed, each once for each attempt.
        dropped: records that were given up and are kept nowhere.
        retried: attempts after the first.
        dead: records that were put into the dead-letter store.
        bytes_in: bytes of what was given to it, as they are encoded.
        bytes_out: bytes of what came of it, likewise.
        calls: calls of its plugin that ended, in whichever way.
        restarts: instances that took the place of one that was broken.
        memory: bytes of linear memory of its instances.
        latency: how long its calls took.
        last_error: the text of the last error, or an empty text.
        last_error_at: when that was, in seconds since 1970; 0.0 for never.
    """

    __slots__ = (
        "bytes_in", "bytes_out", "calls", "dead", "dropped", "failed", "last_error", "last_error_at", "latency",
        "memory", "records_in", "records_out", "restarts", "retried",
    )  # fmt: skip

    def __init__(self) -> None:
        self.records_in = self.records_out = 0
        self.failed = self.dropped = self.retried = self.dead = 0
        self.bytes_in = self.bytes_out = 0
        self.calls = self.restarts = self.memory = 0
        self.latency = Histogram()
        self.last_error = ""
        self.last_error_at = 0.0

    def note(self, error: BaseException) -> None:
        """Keep the text of an error, bounded, as the last one."""
        text = str(error) or type(error).__name__
        self.last_error = text if len(text) <= _ERROR else f"{text[: _ERROR - 1]}…"
        self.last_error_at = time.time()

    def snapshot(self) -> Counts:
        """The numbers as they are now, as a value that does not change any more."""
        return Counts(
            records_in=self.records_in, records_out=self.records_out, failed=self.failed, dropped=self.dropped,
            retried=self.retried, dead=self.dead, bytes_in=self.bytes_in, bytes_out=self.bytes_out, calls=self.calls,
            restarts=self.restarts, memory=self.memory, latency=self.latency.snapshot(), last_error=self.last_error,
            last_error_at=self.last_error_at,
        )  # fmt: skip


class Histogram:
    """How long something took, counted in buckets with fixed bounds; written by one thread and read by any."""

    __slots__ = ("_buckets", "_sum")

    def __init__(self) -> None:
        self._buckets = [0] * (len(BOUNDS) + 1)  # the last one: what is over all bounds
        self._sum = 0.0

    def observe(self, seconds: float) -> None:
        """Count one duration."""
        self._buckets[bisect_left(BOUNDS, seconds)] += 1
        self._sum += seconds

    def snapshot(self) -> Latency:
        """The counts as they are now, as a value that does not change any more."""
        return Latency(tuple(self._buckets), self._sum)


@dataclass(frozen=True, slots=True)
class Latency:
    """A histogram as it was at one moment.

    Attributes:
        buckets: how many were at most as long as each of `BOUNDS`, and longer than the one before; then the rest.
        sum: all durations together, in seconds.
    """

    buckets: tuple[int, ...] = (0,) * (len(BOUNDS) + 1)
    sum: float = 0.0

    @property
    def count(self) -> int:
        """How many durations were counted."""
        return sum(self.buckets)

    def quantile(self, part: float) -> float | None:
        """The bound that this part of all, from 0 to 1, did not exceed: infinite above the last; None for none."""
        left = self.count * part
        if not any(self.buckets):
            return None
        for bound, count in zip((*BOUNDS, float("inf")), self.buckets, strict=True):
            left -= count
            if count and left <= 1e-9:  # a sum of parts may miss zero by a rounding
                return bound
        return float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """`Counters` as they were at one moment; the names are the same."""

    records_in: int = 0
    records_out: int = 0
    failed: int = 0
    dropped: int = 0
    retried: int = 0
    dead: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    calls: int = 0
    restarts: int = 0
    memory: int = 0
    latency: Latency = Latency()
    last_error: str = ""
    last_error_at: float = 0.0
