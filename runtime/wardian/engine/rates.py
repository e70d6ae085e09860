"""`Rates`: how many records a second go through each member, from what was counted at a few moments."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

Key = tuple[str, str]  # the names of a pipeline and a member

EVERY: Final = 5.0  # seconds between two samples
_SAMPLES: Final = 4  # a rate is that of the last 15 to 20 seconds


class Rates:
    """Keeps a few samples. Times are seconds of a clock that does not go backwards; one thread at a time."""

    def __init__(self) -> None:
        self._samples: deque[tuple[float, Mapping[Key, int]]] = deque(maxlen=_SAMPLES)

    def sample(self, now: float, totals: Mapping[Key, int]) -> None:
        """Keep what was counted until now; what comes too soon after the last sample is left out."""
        if not self._samples or now - self._samples[-1][0] >= EVERY * 0.9:
            self._samples.append((now, totals))

    def per_second(self, now: float, totals: Mapping[Key, int]) -> dict[Key, float]:
        """Records a second since the oldest sample; 0.0 for what that did not have, or had more of."""
        if not self._samples or now <= self._samples[0][0]:
            return dict.fromkeys(totals, 0.0)
        since, before = self._samples[0]
        return {
            key: max(count - before.get(key, count), 0) / (now - since) for key, count in totals.items()
        }  # fmt: skip
