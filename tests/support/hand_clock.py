"""A clock that is moved by hand, and sources that are polled by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.examples import SECOND, START
from wardian.timing import pause

if TYPE_CHECKING:
    import threading

    from wardian import Record, Source


class HandClock:
    """Time that passes when somebody waits for it, and not otherwise."""

    def __init__(self) -> None:
        self.now = START

    def now_ns(self) -> int:
        return self.now

    def wait(self, seconds: float, stopped: threading.Event | None) -> None:
        self.now += round(seconds * SECOND)

    def run(self, seconds: float, *sources: Source) -> list[list[Record]]:
        """Poll sources that go by this clock when each wants it, until so much time has passed; the records of each."""
        due, got = [self.now] * len(sources), [[] for _ in sources]
        end = self.now + round(seconds * SECOND)
        while (at := min(due)) <= end:
            self.now = at
            which = due.index(at)
            polled = sources[which].poll()
            got[which] += polled.records
            wanted = pause(polled.wait_ms, sources[which].interval, 0, empty=not polled.records)
            due[which] = at + round(wanted * SECOND)
        self.now = end
        return got
