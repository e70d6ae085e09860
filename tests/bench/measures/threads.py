"""Guests of several threads at once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from measure import Figures, Measure

if TYPE_CHECKING:
    from workbench import Bench

CALLS = 4  # some 50 ms


def two_threads(bench: Bench) -> Figures:
    """Milliseconds a call: two threads with a guest each, and one."""
    calls = max(1, int(CALLS * bench.effort.scale))
    one, two = [], []
    with bench.load(instances=2) as plugin, ThreadPoolExecutor(2) as threads:

        def work(_worker: int = 0) -> None:
            for _ in range(calls):
                plugin.call_bytes("compute", b"")

        list(threads.map(work, range(2)))  # both instances and both threads are there
        for _ in range(bench.effort.repetitions):
            begun = time.perf_counter()
            threads.submit(work).result()
            one.append((time.perf_counter() - begun) * 1e3 / calls)
            begun = time.perf_counter()
            list(threads.map(work, range(2)))
            two.append((time.perf_counter() - begun) * 1e3 / calls / 2)
    return Figures(tuple(two), tuple(one))


MEASURES = (
    Measure("two_threads", "a guest that computes, on two threads", "on one", "ms", "times faster", two_threads),
)
