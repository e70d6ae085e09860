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
    from wardian.pipeline.plan import Plan

_LOOK: Final = 30.0  # seconds from one look at the clock to the next: it may have been set
_PATIENCE: Final = 10.0  # seconds for what was ended to come to its end
_CLOSED: Final = "closed"  # the code of a run that is over


class Running(Protocol):
    """One run of a pipeline, open and not begun; it closes what it has at its end."""

    state: str
    error: WardianError | None
    counters: Mapping[str, Counters]

    def start(self) -> None:
        """Begin; raises `WardianError` where that cannot be, and has closed all then."""

    def stop(self, grace: float) -> bool:
        """Drain and close; whether that took no longer than so many seconds."""

    def end(self) -> None:
        """Close at once."""

    def swap(self, member: str, use: Any) -> None:  # noqa: ANN401 - a use of any kind
        """Put another use, which is its own from then on, in the place of a step or sink."""

    def wait(self, timeout: float | None) -> bool:
        """Wait until it is over; whether it is."""

    def backlog(self) -> tuple[int, int]:
        """Records that wait, and their bytes."""


@dataclass(frozen=True, slots=True)
class Means:
    """How a pipeline is had.

    Attributes:
        makeup: what it is made of.
        run: opens all that it needs; raises `WardianError` where something of that cannot be, and nothing is open then.
        uses: opens the steps and sinks of these names, all or none of them, by their names; raises likewise.
        check: opens what can be opened beside a run of it, and closes it again; raises likewise.
    """

    makeup: Makeup
    run: Callable[[], Running]
    uses: Callable[[Sequence[str]], Mapping[str, Any]]
    check: Callable[[], None]


class Keeper:
    """One pipeline, from its first run to its last; it is started once, and then stopped or ended.

    Threads: any number may ask and tell.

    Args:
        means: how it is had.
        once: whether it runs now and once, whatever its schedule says.
        over: told once, on a thread of its own, that it is over.
        gate: entered while a run is opened; one that many keepers share bounds how many are opened at a time.
        counters: what members did before, by their names; these go on counting.

    Attributes:
        means: what runs by now; a swap replaces it.
    """

    def __init__(
        self,
        means: Means,
        *,
        once: bool = False,
        over: Callable[[Keeper], object] = lambda _: None,
        gate: AbstractContextManager[object] | None = None,
        counters: Mapping[str, Counters] | None = None,
    ) -> None:
        self.means, self._once_only, self._tell = means, once, over
        self._gate = contextlib.nullcontext() if gate is None else gate
        self._counters = dict(counters or {})
        self._run: Running | None = None  # the last one; it is open while `_open`
        self._error: WardianError | None = None
        self._due: Due | None = None
        self._left = (0, 0)  # what waited when that was last known
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
        """What the members did, in all runs."""
        run = self._run
        return self._counters if run is None else run.counters

    @property
    def next_run(self) -> float | None:
        """When its schedule starts it next, in seconds since 1970, or None."""
        due, now = self._due, Moment.now()
        return None if due is None or self._state != "scheduled" else now.wall + due.left(now)

    def backlog(self) -> tuple[int, int]:
        """Records that wait, and their bytes."""
        run = self._run
        if run is not None and self._open:
            with contextlib.suppress(StateError):  # its log was closed a moment ago
                self._left = run.backlog()
        return self._left

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
            WardianError: why one cannot be opened; nothing has changed then.
        """
        with self._lock:
            run = self._run if self._open else None
        uses = {} if run is None else means.uses(members)
        with self._lock:
            self.means = means
        for name, use in uses.items():
            try:
                if run is not None:
                    run.swap(name, use)
            except WardianError as error:
                if error.code != _CLOSED:  # it is over by now, and the next run is had by the new means
                    raise

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
            with self._gate:
                if self._told.is_set():  # while others were opened
                    return
                run = means.run()
            self._go(run, timeout)
        except Exception as error:  # noqa: BLE001 - a fault of one pipeline keeps no other from running
            with self._lock:
                self._run, self._state, self._open = None, "failed", False
                self._error = error if isinstance(error, WardianError) else _internal(error)

    def _go(self, run: Running, timeout: float | None) -> None:
        run.counters = self._counters = {name: self._counters.get(name, new) for name, new in run.counters.items()}
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
            self._open = False
            if run.state == "done":
                self._left = (0, 0)


def _internal(error: Exception) -> WardianError:
    made = WardianError(f"internal error: {type(error).__name__}: {error}", hint="please report it")
    made.__cause__ = error
    return made
