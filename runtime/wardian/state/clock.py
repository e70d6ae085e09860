"""The time by which state expires."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class StateClock:
    """Milliseconds since 1970 that never go back: while the clock of the machine is behind, time stands still."""

    def __init__(self, now_ms: Callable[[], int] | None = None) -> None:
        self._now_ms = now_ms or (lambda: time.time_ns() // 1_000_000)
        self._highest = 0
        self._mutex = threading.Lock()

    def now(self, at_least: int = 0) -> int:
        """The latest of: the machine's clock, any earlier answer, and `at_least`."""
        with self._mutex:
            self._highest = max(self._highest, self._now_ms(), at_least)
            return self._highest
