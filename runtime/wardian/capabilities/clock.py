"""The time, for guests that were granted it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from wardian.sandbox.deadline import Call

# A finer clock would let a guest measure what its neighbours do.
_RESOLUTION_NS: Final = 1_000_000


class Clock:
    """The clock of one instance, in steps of a millisecond; the monotonic one never goes back."""

    def __init__(self) -> None:
        self._latest = 0

    def now(self, _call: Call, _request: object) -> list[int]:
        """Null → `[unix_ns, monotonic_ns]`."""
        self._latest = max(self._latest, time.monotonic_ns() // _RESOLUTION_NS * _RESOLUTION_NS)
        return [time.time_ns() // _RESOLUTION_NS * _RESOLUTION_NS, self._latest]


IMPORTS: Final = {"clock_now": Clock.now}
