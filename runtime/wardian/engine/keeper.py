"""`Keeper`: keeps one pipeline running, as its schedule says, on a thread of its own."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final, Protocol

from wardian.engine.schedule import Due, Moment, local_zone, next_run
from wardian.errors import GuestError, WardianError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wardian.config.schedule import Schedule
    from wardian.engine.makeup import Makeup
    from wardian.pipeline.counters import Counters
    from wardian.pipeline.plan import Plan

_LOOK: Final = 30.0  # seconds from one look at the clock to the next: it may have been set
_PATIENCE: Final = 10.0  # seconds for what was ended to come to its end


class Running(Protocol):
    """One run of a pipeline, which is open and has not begun."""

    state: str
    error: WardianError | None

    @property
    def counters(self) -> Mapping[str, Counters]:
        """What its members did."""

    def start(self) -> None:
        """Begin."""

    def stop(self, grace: float) -> bool:
        """Drain and close; whether that took no longer than so many seconds."""

    def end(self) -> None:
        """Close at once."""

    def swap(self, member: str, use: object) -> None:
        """Put another use in the place of a step or sink."""

    def wait(self, timeout: float | None) -> bool:
        """Wait until it is over; whether it is."""

    def backlog(self) -> tuple[int, int]:
        """Records that wait, and their bytes."""


class Keeper:
    """One pipeline, from its first run to its last; it is started once, and then stopped or ended.

    Threads: any number may ask and tell.

    Args:
        makeup: what it is made of.
        make: opens a run of it, and raises `WardianError` where that cannot be.
        once: whether it runs now and once, whatever its schedule says.
        over: told once, on a thread of its own, that it is over.

    Attributes:
        makeup: what runs by now; a swap replaces it.
        remake: `make`, for who wants to have it as it was.
    """

    def __init__(
        self,
        makeup: Makeup,
        make: Callable[[], Running],
        *,
        once: bool = False,
        over: Callable[[Keeper], object] = lambda _: None,
    ) -> None:
        self.makeup, self.remake, self._once_only, self._tell = makeup, make, once, over
        self._run: Running | None = None
        self._error: WardianError | None = None
        self._due: Due | None = None
        self._state = "starting"
        self._lock = threading.Lock()
        self._told = threading.Event()  # to stop
        self._settled = threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep, name=f"wardian-keep-{self.name}", daemon=True)

    @property
    def name(self) -> str:
        """The name of the pipeline."""
        return self.plan.name

    @property
    def plan(self) -> Plan:
        """Its members and rules."""
        return self.makeup.plan

    @property
    def state(self) -> str:
        """That of its run; `scheduled` between two of them; `failed` or `stopped` where there was none."""
        run = self._run
        return self._state if run is None or self._state == "scheduled" else run.state

    @property
    def error(self) -> WardianError | None:
        """Why its last run failed, or could not be opened."""
        run = self._run
        return self._error if run is None else run.error

    @property
    def counters(self) -> Mapping[str, Counters]:
        """What the members of the last run did."""
        run = self._run
        return {} if run is None else run.counters

    @property
    def next_run(self) -> float | None:
        """When its schedule starts it next, in seconds since 1970, or None."""
        due, now = self._due, Moment.now()
        return None if due is None or self._state != "scheduled" else now.wall + due.left(now)

    @property
    def ends_all(self) -> bool:
        """Whether it has stopped because a plugin is broken, and is to stop everything by that."""
        broken = self.error is not None and not isinstance(self.error, GuestError)
        return self.over and broken and self.state == "stopped" and self.plan.rules.restart.policy == "stop"

    @property
    def over(self) -> bool:
        """Whether it runs no more, and never will by itself."""
        return self._over.is_set()

    def backlog(self) -> tuple[int, int]:
        """Records that wait, and their bytes."""
        run = self._run
        return (0, 0) if run is None else run.backlog()

    def start(self) -> None:
        """Begin to keep it; what it needs is opened on its own thread."""
        self._thread.start()

    def settle(self) -> WardianError | None:
        """Wait until its first run has begun, or has to wait for its schedule; gives why it could not be opened."""
        self._settled.wait()
        return self._error if self._run is None else None

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is over; whether it is."""
        return self._over.wait(timeout)

    def swap(self, makeup: Makeup, make: Callable[[], Running], uses: Mapping[str, object]) -> None:
        """Go on with these in the place of the steps and sinks of their names, each between two batches."""
        with self._lock:
            self.makeup, self.remake = makeup, make
            run = self._run
        if run is not None:
            for name, use in uses.items():
                run.swap(name, use)

    @property
    def running(self) -> bool:
        """Whether there is a run whose members could be swapped."""
        return self._run is not None and not self._over.is_set() and self._state != "scheduled"

    def stop(self, grace: float | None = None) -> bool:
        """Drain it and let there be no other run; whether that took no longer than the grace, its own by default."""
        until = time.monotonic() + (self.plan.rules.grace if grace is None else grace)
        with self._lock:
            self._told.set()
            run = self._run
        drained = True
        if run is not None and not self._over.is_set():
            drained = run.stop(max(0.0, until - time.monotonic()))
        if self._thread.ident is None:
            self._over.set()
        elif not self._over.wait(max(0.0, until - time.monotonic()) + _PATIENCE):
            drained = False  # what it opens, or closes, takes too long: its thread is left, and the process with it
        return drained

    def end(self) -> None:
        """End it at once; what was not acknowledged is not, and comes again."""
        with self._lock:
            self._told.set()
            run = self._run
        if run is not None and not self._over.is_set():
            run.end()

    def _keep(self) -> None:
        rules, began = self.plan.rules, None
        schedule, zone = None if self._once_only else rules.schedule, local_zone()
        try:
            while (due := next_run(schedule, began, Moment.now(), zone)) is not None and self._await(due):
                began = Moment.now()
                self._perform(rules.schedule)
                if self._told.is_set() or self.state in ("deactivated", "stopped"):
                    break
        finally:
            if self._state != "failed":
                self._state = "stopped"
            self._settled.set()
            self._over.set()
            self._tell(self)

    def _await(self, due: Due) -> bool:
        """Wait until a run is due; false where there is to be none."""
        now = Moment.now()
        if due.left(now) > 0:
            self._due, self._state = due, "scheduled"
            self._settled.set()
        while not self._told.is_set():
            left = due.left(now)
            if left <= 0:
                return True
            if due.stale(now):
                due = self._due = self._again(now)
                continue
            self._told.wait(min(left, _LOOK))
            now = Moment.now()
        return False

    def _again(self, now: Moment) -> Due:
        """When it is due by a clock that was set back by a day or a year."""
        due = next_run(self.plan.rules.schedule, None, now, local_zone())
        assert due is not None  # noqa: S101 - a schedule without a run before always has one
        return due

    def _perform(self, schedule: Schedule | None) -> None:
        """One run, from its opening to its end."""
        with self._lock:
            make = self.remake
        try:
            run = make()
        except Exception as error:  # noqa: BLE001 - a fault of one pipeline keeps no other from running
            self._run, self._state = None, "failed"
            self._error = error if isinstance(error, WardianError) else _internal(error)
            return
        with self._lock:
            self._run, self._state, told = run, "running", self._told.is_set()
        if told:
            run.end()
            return
        run.start()
        self._settled.set()
        if not run.wait(None if schedule is None else schedule.timeout):
            run.stop(self.plan.rules.grace)


def _internal(error: Exception) -> WardianError:
    made = WardianError(f"internal error: {type(error).__name__}: {error}", hint="please report it")
    made.__cause__ = error
    return made
