"""`Health`: whether a plugin that failed is tried again at once, later, or no more."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from wardian.config.failing import Restart

_JITTER: Final = 0.2  # the part of a wait that is left to chance, so that not all try at once
_SHARE: Final = (
    25  # waits are so many times as long as what failed took: at most 1 in 20 of the time is then spent on it
)


class Health:
    """Counts the failures of one plugin's instances: traps, limits and broken rules, not errors that it answers with.

    It decides and does nothing: the caller waits, and judges by the calls that end. A batch that fails and is taken
    apart to find the record that it fails on counts once. Times are seconds of a clock that does not go backwards.

    Args:
        rules: the `restart` of the pipeline.
        chance: gives a number from 0 to 1 for each wait.

    Attributes:
        failures: the failures that are not forgotten, as of the last one.
        restarts: how often it was to be tried again.
    """

    def __init__(self, rules: Restart, chance: Callable[[], float] = random.random) -> None:
        self._rules, self._chance = rules, chance
        self._at: float | None = None
        self._waits = 0  # since the last success
        self.failures = 0.0
        self.restarts = 0

    def failed(self, now: float, took: float = 0.0) -> float | None:
        """How long to wait before the next try, after a call that failed having taken so long.

        Below the threshold that is 0.0. From there on it is `delay`, doubled with each failure that no success came
        before, at least so long that failing takes at most a twentieth of the time, and at most `most`. Once it waited,
        only a success makes it go on at once. None: at the threshold, where the policy is not `restart`.
        """
        if self._at is not None:
            # Only what lies between two calls: one that fails at its deadline, again and again, is not forgotten.
            self.failures *= _left(now - took - self._at, self._rules.forget)
        self.failures += 1
        self._at = now
        if self.failures < self._rules.threshold and not self._waits:
            self.restarts += 1
            return 0.0
        if self._rules.policy != "restart":
            return None
        doubled = self._rules.delay * 2.0 ** min(self._waits, 64)  # 64: beyond any `most`, and no float overflows
        self._waits += 1
        self.restarts += 1
        return min(max(doubled, took * _SHARE), self._rules.most) * (1 - _JITTER * self._chance())

    def succeeded(self, now: float) -> None:  # noqa: ARG002 - failures fade by themselves
        """A call ended well: the next wait is a first one again. Failures are forgotten by time alone."""
        self._waits = 0


def _left(passed: float, half: float) -> float:
    """Which part of what was counted is left after so many seconds."""
    return 0.5 ** (max(passed, 0.0) / half) if half > 0 else 0.0
