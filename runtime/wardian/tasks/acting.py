"""`Acting`: carries out the actions of jobs by plugins, and answers what those ask of the host meanwhile."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from wardian.bindings import meaning
from wardian.errors import Cancelled, CapabilityError
from wardian.tasks.cancellation import Cancellation
from wardian.tasks.job import RUNNING, Running, act
from wardian.tasks.plan import plan
from wardian.tasks.variables import JobVariables

if TYPE_CHECKING:
    from collections.abc import Callable

    from wardian.bindings.opened import Opened
    from wardian.guests.receipt import Receipt
    from wardian.sandbox.deadline import Call
    from wardian.tasks.cancellation import Reason
    from wardian.tasks.run import Level, Run

_ENDS: Final[dict[Reason, str]] = {"cancelled": "cancelled", "failed": "cancelled", "deadline": "deadline"}
TASK: Final = "task:"  # what the name of a task begins with, where an action is called


@dataclass(frozen=True, slots=True)
class Acting:
    """Carries out actions; see `Act`."""

    opened: Opened

    def __call__(self, name: str, params: dict[str, Any], running: Running) -> tuple[object, Receipt | None]:
        """Have the plugin do it. Ended with the cancellation of its job, and by nothing else."""
        action = self.opened.action(meaning.action(name, self.opened.project, self.opened.descriptions))
        running.level.cancellation.check()
        cancellation = running.level.cancellation
        taken_back: list[Callable[[], None]] = []

        def began(made: Call, end: Callable[[str], object]) -> None:
            running.calls.append(made)
            taken_back.append(cancellation.watch(lambda reason: end(_ENDS[reason])))

        try:
            outcome = action.invoke(
                params, running.own, variables=JobVariables(running), within=running.level.within, began=began
            )
        finally:
            for take_back in taken_back:
                take_back()
        return outcome.value, outcome.receipt


def callables(names: list[str], tasks: list[str]) -> dict[str, Callable[[object], object]]:
    """What a plugin that may call actions can call: actions by their names, and tasks as `task:NAME`."""
    return {name: partial(call, name) for name in (*names, *(f"{TASK}{task}" for task in tasks))}


def call(name: str, params: object) -> object:
    """Carry out an action or a task for the plugin whose job runs on this thread, as a part of that job.

    It knows what that job knows; what it sets stays its own. It ends when that job does.

    Raises:
        CapabilityError: the answer to the plugin, where it may not.
        WardianError: it did not succeed.
    """
    running = RUNNING.get()
    if running is None:
        raise CapabilityError("denied", "actions are called while a job of a task runs")
    level = replace(
        running.level, frame=running.level.frame.of_task(running.own, running.scope), depth=running.level.depth + 1,
        within=running.calls[-1],
    )  # fmt: skip
    if name.startswith(TASK):
        return _task(name.removeprefix(TASK), running.run, level)
    given = {} if params is None else params
    if not isinstance(given, dict):
        raise CapabilityError("invalid", "expected a map of parameters")
    scope = level.frame.scope({}, running.scope.shell)
    return act(name, given, Running(running.run, level, scope, {}))[0]


def _task(name: str, run: Run, level: Level) -> dict[str, object]:
    plan(name, run.tasks, run.mixins)
    own = Cancellation(level.cancellation)
    # Its jobs may wait, or run on other threads, where no call of a plugin would end them.
    timer = threading.Timer(level.within.remaining() if level.within else 0, own.cancel, ("deadline",))
    timer.daemon = True
    timer.start()
    try:
        result, error = run.task(name, replace(level, cancellation=own))
    finally:
        timer.cancel()
        own.close()
    if error is not None:
        if level.within is not None and level.within.remaining() <= 0:
            raise Cancelled("the call that asked for the task is over") from error
        raise error
    return {"task": result.task, "status": result.status}
