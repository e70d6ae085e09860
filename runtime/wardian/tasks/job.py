"""`perform`: one job: its condition, its delay, its deadline, and what it stands for."""

from __future__ import annotations

import contextlib
import re
import threading
import time
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from wardian.errors import Cancelled, DeadlineExceeded, ExpressionError, WardianError
from wardian.expression import evaluate, expand
from wardian.quantity import format_duration
from wardian.tasks.cancellation import Cancellation
from wardian.tasks.events import JobDone, JobStarted, Warned
from wardian.tasks.plan import target
from wardian.tasks.result import JobResult
from wardian.tasks.shell import Shell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from wardian.config.job import Job
    from wardian.guests.receipt import Receipt
    from wardian.sandbox.deadline import Call
    from wardian.tasks.result import Status
    from wardian.tasks.run import Level, Run
    from wardian.tasks.scope import Scope

_COMMAND: Final = re.compile(r"\s*\{%((?:(?!%\}).)*)%\}\s*", re.DOTALL)
_BRACED: Final = re.compile(r"\s*\{\{(.*)\}\}\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Running:
    """An action while it runs: what the host answers when its plugin asks about its job.

    Attributes:
        run: the run that it belongs to.
        level: where it runs; its cancellation is its own.
        scope: its variables.
        own: the `vars` of its job.
        texts: the texts of its parameters as they stand in the file; what is none of them runs no command.
        calls: the calls of its plugin, as they begin; the last one is running.
    """

    run: Run
    level: Level
    scope: Scope
    own: Mapping[str, object]
    texts: frozenset[str] = frozenset()
    calls: list[Call] = field(default_factory=list)


class Act(Protocol):
    """Carries out actions."""

    def __call__(self, name: str, params: dict[str, Any], running: Running) -> tuple[object, Receipt | None]:
        """What the action answers, and what that cost.

        Raises:
            WardianError: it did not succeed. `Cancelled` once the cancellation of `running` has come.
        """


RUNNING: Final[ContextVar[Running | None]] = ContextVar("wardian_running", default=None)


def perform(run: Run, level: Level, step: int, job: Job, scope: Scope) -> JobResult:
    """Do one job, and say what became of it; what it raises is no matter of a plugin or a file."""
    label = label_of(job)
    start = time.monotonic()
    own = Cancellation(level.cancellation)
    if run.allow_shell:
        scope.shell = Shell(run.folder, own)
    done, skipped = _Done(), False
    overdue = threading.Event()
    try:
        skipped = job.if_ is not None and not _holds(job.if_, scope)
        if not skipped:
            run.tell(JobStarted(label, step, level.depth, job.description))
            if job.delay:
                own.wait(job.delay)
            with _deadline(run, level, job, own, overdue):
                done = _carry_out(run, replace(level, cancellation=own), job, scope)
    except WardianError as raised:
        done = _Done(error=run.mask(raised))
    finally:
        own.close()
    error = _due(job, label, done.error) if overdue.is_set() and done.error is not None else done.error
    status: Status = "skipped" if skipped else "succeeded" if error is None else "failed"
    if isinstance(error, Cancelled) and level.cancellation.reason is not None:
        status = "cancelled"
    result = JobResult(label, step, status, time.monotonic() - start, error, done.reply, done.receipt, done.jobs)
    run.tell(JobDone(result, level.depth))
    return result


def label_of(job: Job) -> str:
    """What a job does, in short: the name of its action, or `task NAME` or `mixin NAME`."""
    kind, name = target(job)
    return name if kind == "action" else f"{kind} {name}"


@dataclass(frozen=True, slots=True)
class _Done:
    """What became of what a job stands for."""

    reply: object = None
    receipt: Receipt | None = None
    jobs: tuple[JobResult, ...] = ()
    error: WardianError | None = None


def _carry_out(run: Run, level: Level, job: Job, scope: Scope) -> _Done:
    kind, name = target(job)
    own = {each: held.plain() for each, held in job.vars.items()}
    level.cancellation.check()
    if kind == "action":
        params = {} if job.params is None else job.params.plain()
        running = Running(run, level, scope, scope.values_of(own), frozenset(_texts(params)))
        return _Done(*act(name, scope.expanded(params) if job.expand else params, running))
    deeper = replace(level, depth=level.depth + 1)
    if kind == "task":
        result, error = run.task(name, replace(deeper, frame=level.frame.of_task(own, scope)))
        return _Done(jobs=result.jobs, error=error)
    listed = run.jobs(run.mixins[name], replace(deeper, frame=level.frame.of_mixin(own, scope)))
    if listed.error is None or (isinstance(listed.error, Cancelled) and level.cancellation.reason is not None):
        return _Done(jobs=listed.jobs, error=listed.error)
    return _Done(jobs=listed.jobs, error=listed.failure(f"mixin `{name}`, step {listed.step}", name))


def act(name: str, params: Any, running: Running) -> tuple[object, Receipt | None]:  # noqa: ANN401
    """Carry out an action as the one that runs, so that what its plugin asks the host for is answered for its job."""
    before = RUNNING.set(running)
    try:
        return running.run.act(name, params, running)
    finally:
        RUNNING.reset(before)


def _holds(condition: str, scope: Scope) -> bool:
    """Whether a condition is true. A command is true when it ends with 0.

    Raises:
        ExpressionError: it cannot be said.
    """
    if (command := _COMMAND.fullmatch(condition)) is not None:
        if scope.shell is None:
            expand(condition, {})  # raises what every command raises where there is no shell
        return isinstance(scope.shell, Shell) and scope.shell.succeeds(command[1].strip())
    braced = _BRACED.fullmatch(condition)
    value = evaluate(braced[1] if braced else condition, scope)
    if not isinstance(value, bool):
        raise ExpressionError(
            "invalid", f"a condition gives true or false, this one gives {value!r:.80}", where=f"`{condition:.80}`",
            hint="compare it with something, such as `name == 'Bob'`",
        )  # fmt: skip
    return value


@contextlib.contextmanager
def _deadline(run: Run, level: Level, job: Job, own: Cancellation, overdue: threading.Event) -> Iterator[None]:
    """End the job when its time is over."""
    if job.deadline is None:
        yield
        return

    def end() -> None:
        if own.reason is not None:
            return
        overdue.set()
        try:
            run.tell(Warned("Job deadline exceeded", label_of(job), level.depth))
        finally:
            own.cancel("deadline")

    timer = threading.Timer(job.deadline, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _due(job: Job, label: str, raised: WardianError) -> DeadlineExceeded:
    assert job.deadline is not None  # noqa: S101 - or it could not be over
    error = DeadlineExceeded(
        f"the job `{label}` took longer than its deadline of {format_duration(job.deadline)}", value=job.deadline,
        hint="give the job a longer `deadline`",
    )  # fmt: skip
    error.__cause__ = raised
    return error


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)
