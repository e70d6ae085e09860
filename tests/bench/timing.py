"""How times are taken: in turns, so that what disturbs the machine disturbs both sides, and many times over."""

from __future__ import annotations

import gc
import timeit
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Effort:
    """How much is done for a figure.

    Attributes:
        repetitions: how often each side is measured; the median counts.
        processes: how often, where each repetition is a process.
        seconds: how long one repetition of one side takes, at least: short, so that few are disturbed.
        scale: what part of the work is done by measures of a fixed amount of work.
    """

    repetitions: int = 25
    processes: int = 9
    seconds: float = 0.02
    scale: float = 1.0


FULL = Effort()
QUICK = Effort(repetitions=1, processes=1, seconds=0.002, scale=0.01)


@dataclass(frozen=True)
class Side:
    """One of two sides to compare: a statement, and the names in it."""

    statement: str
    names: dict[str, Any]


def in_turns(effort: Effort, *sides: Side) -> tuple[tuple[float, ...], ...]:
    """Seconds of each side's statement, one figure a repetition; the sides take turns, now this one first, now that."""
    timers = [timeit.Timer(side.statement, globals=side.names) for side in sides]
    loops = [_loops(timer, effort.seconds) for timer in timers]
    gc.collect()
    gc.freeze()
    taken: list[list[float]] = [[] for _ in sides]
    try:
        for repetition in range(effort.repetitions):
            order = range(len(sides))
            for index in order if repetition % 2 == 0 else reversed(order):
                taken[index].append(timers[index].timeit(loops[index]) / loops[index])
    finally:
        gc.unfreeze()
    return tuple(map(tuple, taken))


def _loops(timer: timeit.Timer, seconds: float) -> int:
    loops = 1
    while (taken := timer.timeit(loops)) < seconds:
        loops = max(2 * loops, int(loops * seconds / max(taken, 1e-9))) if taken < seconds / 2 else loops * 2
    return loops
