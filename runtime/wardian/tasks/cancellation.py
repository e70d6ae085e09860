"""`Cancellation`: a tree of what has to end together, from a run down to each call of a guest."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Literal

from wardian.errors import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable

Reason = Literal["cancelled", "deadline", "failed"]


class Cancellation:
    """One node: whoever cancels it cancels all below it, and nothing else. The first reason stays.

    Threads: all methods may be called from any number of threads.

    Attributes:
        reason: why it has to end: `cancelled` by whoever runs it, `deadline`, or `failed` where another job did; None
            while it may go on.
    """

    def __init__(self, parent: Cancellation | None = None) -> None:
        self.reason: Reason | None = None
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._watchers: dict[object, Callable[[Reason], object]] = {}
        self._parent = parent
        self._remove: Callable[[], None] = parent.watch(self.cancel) if parent is not None else _nothing

    def cancel(self, reason: Reason = "cancelled") -> None:
        """End this and all below it; a second time does nothing."""
        with self._lock:
            if self.reason is not None:
                return
            self.reason = reason
            watchers, self._watchers = list(self._watchers.values()), {}
        self._ended.set()
        for watcher in watchers:
            watcher(reason)

    def watch(self, watcher: Callable[[Reason], object]) -> Callable[[], None]:
        """Have the watcher called once when this is cancelled, at once where it is; gives what takes it back."""
        key = object()
        with self._lock:
            reason = self.reason
            if reason is None:
                self._watchers[key] = watcher
        if reason is not None:
            watcher(reason)

        def remove() -> None:
            with self._lock:
                self._watchers.pop(key, None)

        return remove

    def wait(self, seconds: float) -> bool:
        """Wait; whether it was cancelled before the time was over."""
        return self._ended.wait(seconds)

    def check(self) -> None:
        """Go on, if nothing has been cancelled.

        Raises:
            Cancelled: it has.
        """
        if self.reason is not None:
            raise Cancelled("it was cancelled")

    def close(self) -> None:
        """Leave the tree: what happens above is no matter of this any more."""
        self._remove()


def _nothing() -> None:
    """Nothing is to be done."""
