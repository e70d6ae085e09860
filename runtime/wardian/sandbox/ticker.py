"""What ends a call that does not end by itself: its deadline, a cancellation, a signal.

Every engine counts epochs, and each guest compares its own mark with that count at each loop and each call. The
`Ticker` looks at the running calls when the first of them has to be over, and every 20 ms, and bumps the epoch only
when one of them has to end; then each running guest asks `_on_epoch` once, which ends the marked calls and lets the
others go on. So a healthy guest pays nothing until another one misbehaves, and then two microseconds.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from threading import get_ident
from typing import TYPE_CHECKING, Any, Final

from wardian.sandbox import native

if TYPE_CHECKING:
    from wardian.sandbox.deadline import Call
    from wardian.sandbox.engine import Engine
    from wardian.sandbox.prepared import Prepared

_log: Final = logging.getLogger("wardian.sandbox")
# All in nanoseconds of `time.monotonic_ns`.
_TICK: Final = 5_000_000  # a call ends at most so late, and there are no more looks than that
_SIGNALS: Final = 20_000_000  # so often a guest on the main thread lets signal handlers run
_QUIET: Final = 100_000_000  # so long without a call, and the ticker sleeps until the next one
_LATE: Final = 200_000  # a thread that has to wake up is not as late when nobody keeps it from running
_PATIENCE: Final = 1_000_000  # so long a call waits for a look; that takes 0.1 ms
_ALONE: Final = 2  # threads: the program's and the ticker's


class Ticker:
    """Watches the running calls of a runtime and ends those that are over.

    Threads: one of its own, which sleeps while nothing runs; the methods may be called from any thread, and from signal
    handlers.

    Attributes:
        running: the innermost running call of each thread, by `threading.get_ident()`.
        alert: who has entered a call in `running` that began after this nanosecond calls `attend`.
        pace: nanoseconds between two looks while something runs, at most; no call has less time, see `keep_up_with`.
        asleep: whether it waits for the next call.
    """

    def __init__(self) -> None:
        self.running: dict[int, Call] = {}
        self.alert = 0
        self.pace = _SIGNALS
        self.asleep = False
        self.epoch_callback = native.callback("epoch_callback_t", self._on_epoch, onerror=self._on_signal)
        self._used = self._signals_at = 0
        # Free while there is something to look at. An event would have a lock of its own, which the call of a signal
        # handler could find held by the very thread that it interrupts.
        self._wakeup = threading.Lock()
        self._looked = threading.Lock()  # free once it has looked
        self._closed = False
        self._main = threading.main_thread().ident
        self._thread = threading.Thread(target=self._run, name="wardian-ticker", daemon=True)
        self._thread.start()

    def keep_up_with(self, nanoseconds: int) -> None:
        """From now on, look often enough for calls that have so much time; told where that is less than `pace`."""
        pace = max(_TICK, nanoseconds)
        if pace < self.pace:
            self.pace = pace
            self._look_again()

    def attend(self, begun: int) -> None:
        """Wake it where it sleeps, or let it look where it should have looked before a call that began just now.

        Where calls keep the GIL nearly all the time, as those that copy large requests do, each wakes the ticker when
        it enters its guest, and has the GIL back before the ticker can take it: that took 20 µs of each call, and the
        ticker did not come to look.
        """
        self._used = begun
        if self.alert:
            self.alert = begun + _PATIENCE
            self._looked.acquire(blocking=False)  # it may be free since an earlier look
            self._looked.acquire(timeout=_PATIENCE / 1e9)
        else:
            self.alert = begun + _LATE
            self._look_again()

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
        else:
            call.ended_by = call.ended_by or reason
            call.instance.engine.bump()
        self._look_again()

    def close(self) -> None:
        """Stop the thread; no call may run any more."""
        self._closed = True
        self._look_again()
        if self._thread is not threading.current_thread():
            self._thread.join()

    def _look_again(self) -> None:
        _free(self._wakeup)

    def _run(self) -> None:
        while True:
            self._wakeup.acquire(blocking=False)
            if self._closed:
                return
            now = time.monotonic_ns()
            try:
                due = self._look(now)
            except Exception:  # noqa: BLE001 - whatever it is:
                # a thread that ends here would take every deadline of its runtime with it.
                _log.exception("the running calls could not be looked at; they are in %g s", _TICK / 1e9)
                due = now + _TICK
            _free(self._looked)
            if due is not None:
                self.alert = due + _LATE
                self._wakeup.acquire(timeout=(due - now) / 1e9)
                continue
            self.alert = 0
            # Looked at after the alert is up: a caller enters its call first and looks at the alert then.
            if not self.running:
                self.asleep = True
                self._wakeup.acquire()
                self.asleep = False

    def _look(self, now: int) -> int | None:
        """End the calls that are over, and say when to look again, or None once nothing has run for a while."""
        engines: set[Engine] = set()
        # A call that lets it look lets other threads have the GIL: if there are some, as often as Python itself does.
        due = now + (self.pace if threading.active_count() <= _ALONE else _TICK)
        innermost = self.innermost()
        for thread, each in innermost:
            if thread == self._main and now >= self._signals_at:
                engines.add(each.instance.engine)
                self._signals_at = now + _SIGNALS
            call: Call | None = each
            while call is not None:
                if call.ended_by is None and now >= call.deadline_at:
                    call.ended_by = call.due
                elif call.within is not None and call.ended_by is None and call.within.over(now):
                    call.ended_by = "cancelled"
                if call.ended_by is not None:
                    engines.add(call.instance.engine)
                # One that runs within another may have to end at any time, and one that was ended should be gone then.
                watched = call.ended_by is not None or call.within is not None
                due = min(due, now + _TICK if watched else max(call.deadline_at, now + _TICK))
                call = call.outer
        for engine in engines:
            engine.bump()
        if innermost:
            self._used = now
        return due if now - self._used < _QUIET else None

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


def _free(lock: threading.Lock) -> None:
    with contextlib.suppress(RuntimeError):  # it is free already
        lock.release()
