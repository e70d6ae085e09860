"""What ends a call that does not end by itself: its deadline, a cancellation, a signal.

Every engine counts epochs, and each guest compares its own mark with that count at each loop and each call. The
`Ticker` looks at the running calls every 5 ms and bumps the epoch only when one of them has to end; then each running
guest asks `_on_epoch` once, which ends the marked calls and lets the others go on. So a healthy guest pays nothing
until another one misbehaves, and then two microseconds.
"""

from __future__ import annotations

import logging
import threading
import time
from contextvars import ContextVar
from threading import get_ident
from typing import TYPE_CHECKING, Any, Final

from wardian.sandbox import native

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wardian.sandbox.engine import Engine
    from wardian.sandbox.instance import Instance
    from wardian.sandbox.prepared import Prepared

_log: Final = logging.getLogger("wardian.sandbox")
TICK: Final = 0.005
_QUIET_TICKS: Final = 20  # so many ticks without a call and the ticker sleeps until the next one
_SIGNAL_TICKS: Final = 4  # so often a guest on the main thread is stopped for Python to run its signal handlers


class Call:
    """One call of a guest, from its request to its reply.

    Made anew for each call, so that a mark set late can never hit the next one. Plain class attributes are the
    defaults: making a call object costs 0.1 µs.

    Attributes:
        instance: where it runs.
        deadline_at: when it has to be over, in nanoseconds of `time.monotonic_ns`.
        due: what it is ended by once that time has come: `deadline`, or `cancelled` where it has been given some grace.
        ended_by: why it has to end now (`deadline`, `cancelled`, `closed`), or None; set from any thread.
        asked_to_end: whether the guest has been asked to come to an end by itself.
        fault: what a host function raised, carried around the guest's frames.
        waiting: the reply of the last host call, until the guest takes it.
        host_calls: how many there were, of each name.
        host_calls_left: how many there may still be, once there was one.
        limit: the field of `Limits` that gave the deadline.
        asked_bytes: the size of the guest's running request, where what it asks counts bytes.
        variables: the variables that this call sees, or None for those of its plugin.
        taker: takes the records that this call emits, or None for that of its plugin.
        spent: the last quota that a capability refused to exceed, or None.
        loop: the event loop of an asynchronous caller, or None.
        outer: the call of another instance, on the same thread, within which this one was made.
        within: the call that this one must not outlive: the outer one, or, of an asynchronous call, the one whose
            function made it; or None.
        around: bytes of the thread's stack that the guests of the outer calls may take.
    """

    instance: Instance
    deadline_at: int = 0
    due: str = "deadline"
    ended_by: str | None = None
    asked_to_end: bool = False
    fault: BaseException | None = None
    waiting: bytes | None = None
    host_calls: dict[str, int] | None = None
    host_calls_left: int = 0
    limit: str = "deadline"
    asked_bytes: int = 0
    variables: Any = None
    taker: Any = None
    spent: Any = None
    loop: Any = None
    outer: Call | None = None
    within: Call | None = None
    around: int = 0

    def remaining(self) -> float:
        """Seconds until the deadline; 0 when it has passed or the call has to end."""
        if self.ended_by is not None:
            return 0.0
        return max(0.0, (self.deadline_at - time.monotonic_ns()) / 1e9)

    def put_within(self, other: Call) -> None:
        """Let this call end no later than another one, within which it was made; before it is entered."""
        self.within = other
        if other.deadline_at < self.deadline_at:
            self.deadline_at, self.due = other.deadline_at, "cancelled"
        if other.ended_by is not None:
            self.ended_by = self.ended_by or "cancelled"

    def end_if_over(self) -> bool:
        """Whether the call has to end now; marks it at once, which the ticker would do a little later."""
        if self.ended_by is None and time.monotonic_ns() >= self.deadline_at:
            self.ended_by = self.due
        return self.ended_by is not None

    def over(self, now: int) -> bool:
        """Whether this call, or one within which it was made, has to end at this nanosecond of `time.monotonic_ns`."""
        return any(each.ended_by is not None or now >= each.deadline_at for each in self.chain())

    def chain(self) -> Iterator[Call]:
        """This call, the one within which it was made, and so on."""
        call: Call | None = self
        while call is not None:
            yield call
            call = call.within


class Within:
    """The call within which asynchronous code of the application runs, while that call waits for it, or None."""

    __slots__ = ("call",)

    def __init__(self, call: Call | None) -> None:
        self.call = call


WITHIN: Final[ContextVar[Within | None]] = ContextVar("wardian_within", default=None)


class Ticker:
    """Watches the running calls of a runtime and ends those that are over.

    Threads: one of its own, which sleeps while nothing runs; the methods may be called from any thread.

    Attributes:
        running: the innermost running call of each thread, by `threading.get_ident()`.
        asleep: whether `wake` must be called after a call was entered in `running`.
    """

    def __init__(self) -> None:
        self.running: dict[int, Call] = {}
        self.asleep = False
        self.epoch_callback = native.callback("epoch_callback_t", self._on_epoch, onerror=self._on_signal)
        self._wakeup = threading.Event()
        self._closed = False
        self._main = threading.main_thread().ident
        self._thread = threading.Thread(target=self._run, name="wardian-ticker", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Go on ticking; called by whoever enters a call while the ticker is asleep."""
        self._wakeup.set()

    def innermost(self) -> list[tuple[int, Call]]:
        """The innermost running call of each thread, with the thread's identifier, as they are at one moment."""
        while True:
            try:
                return list(self.running.copy().items())
            except RuntimeError:
                # Between the two halves of a copy Python may collect garbage, and let another thread change the dict:
                # the copy then counts other entries than it has, and looking through it says so. The next one is whole.
                continue

    def calls_of(self, prepared: Prepared) -> list[Call]:
        """The running calls of all instances of a module as it was prepared once."""
        found: list[Call] = []
        for _, innermost in self.innermost():
            call: Call | None = innermost
            while call is not None:
                if call.instance.prepared is prepared:
                    found.append(call)
                call = call.outer
        return found

    def end(self, call: Call, reason: str, grace: float = 0.0) -> None:
        """End one call, wherever its guest is, within a tick, and those within it a tick later; others go on.

        With a grace of some seconds, a guest that asks `cancelled` may come to an end by itself before.
        """
        call.asked_to_end = True
        if grace > 0:
            call.due = reason
            call.deadline_at = min(call.deadline_at, time.monotonic_ns() + int(grace * 1e9))
            return
        call.ended_by = call.ended_by or reason
        call.instance.engine.bump()

    def close(self) -> None:
        """Stop the thread; no call may run any more."""
        self._closed = True
        self._wakeup.set()
        if self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self) -> None:
        quiet = ticks = 0
        while not self._closed:
            ticks += 1
            quiet = 0 if self.running else quiet + 1
            if quiet > _QUIET_TICKS:
                self.asleep = True
                # Checked again after the flag is up: a caller enters its call first and looks at the flag then.
                if not self.running:
                    self._wakeup.wait()
                self._wakeup.clear()
                self.asleep = False
                quiet = 0
            try:
                self._tick(signals=ticks % _SIGNAL_TICKS == 0)
            except Exception:  # noqa: BLE001 - whatever it is:
                # a thread that ends here would take every deadline of its runtime with it.
                _log.exception("the running calls could not be looked at; they are in %g s", TICK)
            time.sleep(TICK)

    def _tick(self, *, signals: bool) -> None:
        now = time.monotonic_ns()
        engines: set[Engine] = set()
        for thread, innermost in self.innermost():
            if signals and thread == self._main:
                engines.add(innermost.instance.engine)
            call: Call | None = innermost
            while call is not None:
                if call.ended_by is None and now >= call.deadline_at:
                    call.ended_by = call.due
                elif call.within is not None and call.ended_by is None and call.within.over(now):
                    call.ended_by = "cancelled"
                if call.ended_by is not None:
                    engines.add(call.instance.engine)
                call = call.outer
        for engine in engines:
            engine.bump()

    def _on_epoch(self, _context: int, _data: int, delta: Any, kind: Any) -> int:  # noqa: ANN401 - C pointers
        # Runs on the guest's thread. A signal handler may raise at any line: then cffi calls `_on_signal`.
        delta[0] = 1
        kind[0] = 0  # go on
        call = self.running.get(get_ident())
        if call is not None and call.ended_by is None:
            return 0
        return int(native.lib.wasmtime_error_new(b"ended by the host"))

    def _on_signal(self, _kind: object, raised: BaseException, _traceback: object) -> int:
        call = self.running.get(get_ident())
        if call is not None:
            call.fault = raised
        return int(native.lib.wasmtime_error_new(b"ended by a signal"))
