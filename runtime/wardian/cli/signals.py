"""`Signals`: what a process is told from outside, and by its own threads, one thing after the other."""

from __future__ import annotations

import queue
import signal
import time
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from types import FrameType, TracebackType

STOP: Final = "stop"
RELOAD: Final = "reload"
_ONCE: Final = (
    0.2  # seconds within which the same signal is the same wish: a terminal, and `timeout`, may send it twice
)
_MEANINGS: Final = {signal.SIGTERM: STOP, signal.SIGINT: STOP, signal.SIGHUP: RELOAD}


class Signals:
    """SIGTERM and SIGINT as `stop`, SIGHUP as `reload`, from the beginning of its block to the end; a context manager.

    The same signal twice at a time is one; a second one after that is another wish.

    It is for the main thread, which also takes what is told; any thread may tell.
    """

    def __init__(self) -> None:
        # A queue that a signal's handler may put into while the same thread takes from it.
        self._told: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._former: dict[int, Any] = {}
        self._came: dict[int, float] = {}

    def tell(self, what: str) -> None:
        """Let `take` give this, after what was told before."""
        self._told.put(what)

    def take(self) -> str:
        """Wait for the next thing that is told."""
        return self._told.get()

    def __enter__(self) -> Self:
        for number in _MEANINGS:
            self._former[number] = signal.signal(number, self._signalled)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, former in self._former.items():
            signal.signal(number, former)

    def _signalled(self, number: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        if now - self._came.get(number, -_ONCE) >= _ONCE:
            self._came[number] = now
            self.tell(_MEANINGS[signal.Signals(number)])
