"""`Keeper`: keeps one pipeline running, as its schedule says, on a thread of its own."""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from wardian.engine.schedule import Due, Moment, local_zone, next_run
from wardian.errors import GuestError, StateError, WardianError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from wardian.engine.makeup import Makeup
    from wardian.pipeline.counters import Counters
    from wardian.pipeline.plan import Member, Plan

    Open = Callable[[Member, object], Any]

_LOOK: Final = 30.0  # seconds from one look at the clock to the next: it may have been set
_PATIENCE: Final = 10.0  # seconds for what was ended to come to its end
_CLOSED: Final = "closed"  # the code of a run that is over


class Running(Protocol):
    """One run of a pipeline, whose log is open."""

    state: str
    error: WardianError | None

    @property
    def counters(self) -> Mapping[str, Counters]:
        """What its members did."""

    def start(self) -> None:
        """Open its members and begin; raises `WardianError` where one cannot be opened."""

    def stop(self, grace: float) -> bool:
        """Drain and close; whether that took no longer than so many seconds."""

    def end(self) -> None:
        """Close at once."""

    def swap(self, member: str, plan: Plan, opened: Open) -> None:
        """Put another use in the place of a step or sink, or raise why that cannot be; the old one is there then."""

    def wait(self, timeout: float | None) -> bool:
        """Wait until it is over; whether it is."""

    def backlog(self) -> tuple[int, int]:
        """Records that wait, and their bytes."""


@dataclass(frozen=True, slots=True)
class Means:
    """How a pipeline is had.

    Attributes:
        makeup: what it is made of.
        run: opens its log and gives a run; raises `WardianError` where that cannot be. Leaving it closes the log.
        opened: opens a member, given the offset to resume from where it is a source.
    """

    makeup: Makeup
    run: Callable[[], AbstractContextManager[Running]]
    opened: Open


class Keeper:
    """One pipeline, from its first run to its last; it is started once, and then stopped or ended.

    Threads: any number may ask and tell.

    Args:
        means: how it is had.
        once: whether it runs now and once, whatever its schedule says.
        over: told once, on a thread of its own, that it is over.

    Attributes:
        means: what runs by now; a swap replaces it.
    """

    def __init__(self, means: Means, *, once: bool = False, over: Callable[[Keeper], object] = lambda _: None) -> None:
        self.means, self._once_only, self._tell = means, once, over
        self._run: Running | None = None  # the last one; its log is open while `_open`
        self._error: WardianError | None = None
        self._due: Due | None = None
        self._left = (0, 0)  # what waited when the last run was over
        self._state = "starting"
        self._open = self._asked = self._ending = False  # `_asked`: the last run was told to stop
        self._lock = threading.Lock()
        self._told, self._settled, self._over = threading.Event(), threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._keep, name=f"wardian-keep-{self.name}", daemon=True)

    @property
    def name(self) -> str:
        """The name of the pipeline."""
        return self.plan.name

    @property
    def plan(self) -> Plan:
        """Its members and rules."""
        return self.means.makeup.plan

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
    def failure(self) -> WardianError | None:
        """Why it could not go on by itself, or None."""
        halted = self.state in ("failed", "deactivated") or (self.state == "stopped" and not self._asked)
        return self.error if halted else None

    @property
    def ends_all(self) -> bool:
        """Whether it has stopped because a plugin is broken, and is to stop everything by that."""
        broken = self.failure is not None and not isinstance(self.failure, (GuestError, StateError))
        return broken and self.state == "stopped" and self.plan.rules.restart.policy == "stop"

    @property
    def over(self) -> bool:
        """Whether it runs no more, and never will by itself."""
        return self._over.is_set()

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

    def backlog(self) -> tuple[int, int]:
        """Records that wait, and their bytes."""
        run = self._run
        return run.backlog() if run is not None and self._open else self._left

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

    def swap(self, means: Means, members: Sequence[str]) -> None:
        """Go on by these, with other uses in the place of the steps and sinks of these names, each between two batches.

        Raises:
            WardianError: why one cannot be opened; all of them are then what they were.
        """
        with self._lock:
            run, before = (self._run if self._open else None), self.means
        if run is not None:
            self._exchange(run, before, means, members)
        with self._lock:
            self.means = means

    def stop(self, grace: float | None = None) -> bool:
        """Drain it and let there be no other run; whether that took no longer than the grace, its own by default."""
        until = time.monotonic() + (self.plan.rules.grace if grace is None else grace)
        self._told.set()
        if self._thread.ident is None:
            self._over.set()
            return True
        self._settled.wait(max(0.0, until - time.monotonic()))  # what is being opened is stopped once it is
        run, drained = self._run, True
        if run is not None and not self._over.is_set():
            self._asked = True
            drained = run.stop(max(0.0, until - time.monotonic()))
        # What it opens, or closes, may take too long: its thread is left then, and the process with it.
        return self._over.wait(max(0.0, until - time.monotonic()) + _PATIENCE) and drained

    def end(self) -> None:
        """End it at once; what was not acknowledged is not, and comes again."""
        self._ending = True
        self._told.set()
        run = self._run
        if run is not None and not self._over.is_set():
            self._asked = True
            run.end()

    def _keep(self) -> None:
        rules, began = self.plan.rules, None
        schedule, zone = None if self._once_only else rules.schedule, local_zone()
        timeout = None if rules.schedule is None else rules.schedule.timeout
        try:
            while (due := next_run(schedule, began, Moment.now(), zone)) is not None and self._await(due):
                began = Moment.now()
                self._perform(timeout)
                if self._told.is_set() or (self.failure is not None and self.state != "failed"):
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

    def _perform(self, timeout: float | None) -> None:
        """One run, from its opening to its end."""
        with self._lock:
            self._asked, means = False, self.means
        try:
            with means.run() as run:
                self._go(run, timeout)
        except Exception as error:  # noqa: BLE001 - a fault of one pipeline keeps no other from running
            with self._lock:
                self._run, self._state, self._open = None, "failed", False
                self._error = error if isinstance(error, WardianError) else _internal(error)

    def _go(self, run: Running, timeout: float | None) -> None:
        run.start()
        with self._lock:
            self._run, self._state, self._open, self._error = run, "running", True, None
        self._settled.set()
        if self._ending:  # since it began to be opened
            run.end()
        elif self._told.is_set() or not run.wait(timeout):
            self._asked = True
            run.stop(self.plan.rules.grace)
        with self._lock:
            self._left, self._open = run.backlog(), False

    def _exchange(self, run: Running, before: Means, after: Means, members: Sequence[str]) -> None:
        swapped: list[str] = []
        try:
            for name in members:
                run.swap(name, after.makeup.plan, after.opened)
                swapped.append(name)
        except WardianError as error:
            if error.code == _CLOSED:  # it is over by now: the next run is had by the new means
                return
            for name in swapped:
                with contextlib.suppress(WardianError):
                    run.swap(name, before.makeup.plan, before.opened)
            raise


def _internal(error: Exception) -> WardianError:
    made = WardianError(f"internal error: {type(error).__name__}: {error}", hint="please report it")
    made.__cause__ = error
    return made
