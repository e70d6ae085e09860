"""A bounded set of guests that many threads share, each used by one of them at a time."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from wardian.errors import Cancelled, LimitExceeded

if TYPE_CHECKING:
    from collections.abc import Callable


class Pooled(Protocol):
    """What a pool holds."""

    broken: bool

    def close(self) -> None:
        """Free it; nobody uses it any more."""


Item = TypeVar("Item", bound=Pooled)


class Pool(Generic[Item]):
    """Guests to borrow; made when needed, kept while they are whole.

    Threads: any number. Borrowing a guest that is idle takes no lock.

    Args:
        make: makes one; called without a lock held, so several may be made at once.
        size: how many there are at most.
        wait: for how many seconds to wait for one when all are in use.
        fresh: whether each is used once only.
    """

    def __init__(self, make: Callable[[], Item], size: int, wait: float, *, fresh: bool) -> None:
        self._make, self._size, self._wait, self._fresh = make, size, wait, fresh
        self._idle: deque[Item] = deque()
        self._freed = threading.Condition(threading.Lock())
        self._live = self._waiting = 0
        self.in_use: set[Item] = set()
        self.closed = ""

    def acquire(self) -> Item:
        """A guest that is whole, for this thread alone until `release`.

        Raises:
            LimitExceeded: `instances`, when all are in use and none came free in time.
            Cancelled: the pool was closed.
            WardianError: whatever making a new one raised.
        """
        try:
            item = self._idle.pop()
        except IndexError:
            item = self._another()
        self.in_use.add(item)
        if self.closed:
            self.release(item)
            raise Cancelled(self.closed)
        return item

    def release(self, item: Item) -> None:
        """Give back what `acquire` gave; a broken one, and each fresh one, is closed."""
        self.in_use.discard(item)
        if item.broken or self._fresh or self.closed:
            try:
                item.close()
            finally:
                with self._freed:
                    self._live -= 1
                    self._freed.notify()
            return
        self._idle.append(item)
        if self._waiting or self.closed:
            with self._freed:
                self._freed.notify()

    def close(self, why: str) -> None:
        """Close what is idle, and later what is in use; `acquire` raises `Cancelled(why)` from now on."""
        self.closed = why
        while self._idle:
            try:
                item = self._idle.pop()
            except IndexError:
                break
            self.release(item)
        with self._freed:
            self._freed.notify_all()

    def abandon(self, why: str) -> None:
        """Refuse every `acquire` from now on, without touching what is there: its memory may not be whole."""
        self.closed = why
        self._abandoned = list(self._idle)
        self._idle.clear()
        self._freed = threading.Condition(threading.Lock())  # the old one may be held by a thread that is gone
        self._live = self._size

    def wait_until_free(self, seconds: float) -> bool:
        """Wait until nothing is in use or live any more; false when that took longer."""
        with self._freed:
            return self._freed.wait_for(lambda: self._live == 0, seconds)

    def describe(self) -> str:
        """How many there are, for a `repr`."""
        kind = "a fresh instance for each call" if self._fresh else f"{self._live} of {self._size} instances"
        return f"{kind}, {len(self.in_use)} in use"

    def _another(self) -> Item:
        """Make one, or wait for one."""
        give_up = time.monotonic() + self._wait
        with self._freed:
            while self._live >= self._size:
                if self.closed:
                    raise Cancelled(self.closed)
                self._waiting += 1
                try:
                    # Again after `_waiting` is up: who gives one back puts it there first and looks at `_waiting` then.
                    if self._idle:
                        return self._idle.pop()
                    left = give_up - time.monotonic()
                    if left <= 0:
                        raise self._busy()
                    self._freed.wait(left)
                    if self._idle:
                        return self._idle.pop()
                except IndexError:
                    continue  # another thread was quicker
                finally:
                    self._waiting -= 1
            self._live += 1
        try:
            return self._make()
        except BaseException:
            with self._freed:
                self._live -= 1
                self._freed.notify()
            raise

    def _busy(self) -> LimitExceeded:
        return LimitExceeded(
            f"all {self._size} instances are in use, and none came free within {self._wait:g} s", limit="instances",
            value=self._size, asked=self._size + 1,
            hint="load the plugin with more `instances`, or call it from fewer threads; a function of the application "
            "that calls the plugin which called it needs a second instance",
        )  # fmt: skip
