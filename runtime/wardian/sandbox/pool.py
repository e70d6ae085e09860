"""A bounded set of guests that many threads share, each used by one of them at a time."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar

from wardian.errors import Cancelled, LimitExceeded
from wardian.sandbox.instance import MOST_INSTANCES

if TYPE_CHECKING:
    from collections.abc import Callable

    from wardian.sandbox.deadline import Call

_GLANCE: Final = 0.02  # how often one who waits within another call looks whether that has to end


class Pooled(Protocol):
    """What a pool holds."""

    broken: bool

    def close(self) -> None:
        """Free it; nobody uses it any more."""


Item = TypeVar("Item", bound=Pooled)


class Pool(Generic[Item]):
    """Guests to borrow; made when needed, kept while they are whole.

    Who borrows takes from `idle`, or else from `another`. Who gives back one that is whole, and not `fresh`, puts it
    into `idle` and then calls `attend` if the pool is `attended`; all others go to `release`. So borrowing takes no
    lock.

    Threads: any number.

    Args:
        make: makes one; called without a lock held, so several may be made at once.
        size: how many there are at most.
        wait: for how many seconds to wait for one when all are in use.
        fresh: whether each is used once only.

    Attributes:
        idle: those that nobody uses; the last is used next, for it is in the CPU's caches.
        fresh: whether each is used once only.
        attended: whether somebody waits, or the pool is closed.
        closed: why it is closed, or an empty text.
    """

    def __init__(self, make: Callable[[], Item], size: int, wait: float, *, fresh: bool) -> None:
        self._make, self._size, self._wait, self.fresh = make, size, wait, fresh
        self.idle: deque[Item] = deque()
        # Who makes one takes a permit and puts it back, without a lock: the end of the interpreter's stack, which comes
        # between any two frames, loses none. One more than can be had is enough: it is refused when it is made.
        self._permits = deque([None] * min(size, MOST_INSTANCES + 1))
        self._permitted = len(self._permits)
        self._freed = threading.Condition(threading.Lock())
        self._spent: deque[Item] = deque()  # to be closed; where the interpreter's stack is full, by the next who takes
        self._waiting = 0
        self.attended = False
        self.closed = ""

    def another(self, within: Call | None = None) -> Item:
        """A guest for this thread alone, made anew or waited for.

        Args:
            within: the call within which it is wanted: nobody waits for it longer than that call may last.

        Raises:
            LimitExceeded: `instances`, when all are in use and none came free in time.
            Cancelled: the pool was closed, or the call around has to end.
            WardianError: whatever making a new one raised.
        """
        if self._spent:
            self._bury()
        try:
            self._permits.pop()
            waits = False
        except IndexError:
            waits = True  # out of the handler, so that what is raised has nothing to do with an empty queue
        if waits:
            item = self._wait_for_one(within)
            if item is not None:
                return item
        try:
            if self.closed:  # looked at with the permit in hand, which who closes waits for
                raise Cancelled(self.closed)  # noqa: TRY301 - the permit goes back as after any other failure
            return self._make()
        except BaseException:
            self._permits.append(None)
            self._tell()
            raise

    def release(self, item: Item) -> None:
        """Give one back; a broken one, and each fresh one, is closed."""
        if not (item.broken or self.fresh):
            self.idle.append(item)
            self.attend()
            return
        self._spent.append(item)
        self._bury()

    def attend(self) -> None:
        """See to those who wait, and to what was given back to a closed pool."""
        if self.closed:
            self._drain()
        with self._freed:
            self._freed.notify()

    def close(self, why: str) -> None:
        """Close what is idle, and the rest when it is given back; `another` raises `Cancelled(why)` from now on."""
        with self._freed:  # so that a waiter who leaves does not lower `attended` after it was raised here
            self.closed = why
            self.attended = True
            self._freed.notify_all()
        self._bury()
        self._drain()

    def abandon(self, why: str) -> None:
        """Refuse to give any from now on, without touching what is there: its memory may not be whole."""
        self.closed = why
        self.attended = True
        self._kept = list(self.idle)  # so that nothing is freed
        self.idle.clear()
        self._freed = threading.Condition(threading.Lock())  # the old one may be held by a thread that is gone

    def wait_until_free(self, seconds: float) -> bool:
        """Wait until no guest is left; false when that took longer."""
        with self._freed:
            return self._freed.wait_for(lambda: self._live() == 0, seconds)

    def describe(self) -> str:
        """How many there are, for a `repr`."""
        live = self._live()
        kind = "a fresh instance for each call" if self.fresh else f"{live} of {self._size} instances"
        return f"{kind}, {max(0, live - len(self.idle))} in use"

    def _live(self) -> int:
        return self._permitted - len(self._permits)

    def _wait_for_one(self, within: Call | None) -> Item | None:
        """One that came free, or None with a permit to make one."""
        with self._freed:
            give_up = time.monotonic() + self._wait
            self._waiting += 1
            self.attended = True
            try:
                while True:
                    if self.closed:
                        raise Cancelled(self.closed)
                    # Looked at after `attended` is up: who gives one back puts it there first, and looks then; and so
                    # with permits and `_waiting`.
                    with contextlib.suppress(IndexError):
                        return self.idle.pop()
                    with contextlib.suppress(IndexError):
                        self._permits.pop()
                        return None
                    left = give_up - time.monotonic()
                    if left <= 0:
                        raise self._busy()
                    if within is not None:
                        left = min(left, _GLANCE)
                        if within.end_if_over():
                            raise Cancelled("the call within which this one was made is over")
                    self._freed.wait(left)
            finally:
                self._waiting -= 1
                self.attended = self._waiting > 0 or bool(self.closed)

    def _bury(self) -> None:
        """Close what is spent; what cannot be closed so near the end of the interpreter's stack stays for the next."""
        while self._spent:
            try:
                item = self._spent.pop()
            except IndexError:
                return
            try:
                item.close()
            except RecursionError:
                self._spent.append(item)
                raise
            except BaseException:
                self._permits.append(None)
                self._tell()
                raise
            self._permits.append(None)
            if self._waiting or self.closed:
                self._tell()

    def _drain(self) -> None:
        """Close what is idle; all of it is closed, and the first failure is raised."""
        failure: Exception | None = None
        while True:
            try:
                item = self.idle.pop()
            except IndexError:
                break
            try:
                item.close()
            except Exception as error:  # noqa: BLE001 - the others have to be closed too; raised below
                failure = failure or error
            finally:
                self._permits.append(None)
                self._tell()
        if failure is not None:
            raise failure

    def _tell(self) -> None:
        """Let those who wait look again: for a permit, or until all are back."""
        with self._freed:
            self._freed.notify_all()

    def _busy(self) -> LimitExceeded:
        return LimitExceeded(
            f"all {self._size} instances are in use, and none came free within {self._wait:g} s", limit="instances",
            value=self._size, asked=self._size + 1,
            hint="load the plugin with more `instances`, or call it from fewer threads; a function of the application "
            "that calls the plugin which called it needs a second instance",
        )  # fmt: skip
