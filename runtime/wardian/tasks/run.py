"""`Run`: the jobs of a task, one after another and beside each other, until all are over or one has failed."""

from __future__ import annotations

import contextvars
import threading
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from wardian.errors import Cancelled, TaskFailed, WardianError
from wardian.tasks.cancellation import Cancellation
from wardian.tasks.events import TaskDone, TaskStarted
from wardian.tasks.job import perform
from wardian.tasks.result import JobResult, TaskResult

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from wardian.config.job import Job
    from wardian.sandbox.deadline import Call
    from wardian.tasks.events import Event
    from wardian.tasks.job import Act
    from wardian.tasks.result import Status
    from wardian.tasks.scope import Frame, Scope

BESIDE: Final = 64  # asynchronous jobs of one run that run at a time, each on a thread of its own


@dataclass(frozen=True, slots=True)
class Level:
    """Where a list of jobs runs.

    Attributes:
        frame: where the variables of its jobs come from.
        cancellation: ends all of it.
        depth: how many tasks and mixins are around it.
        within: the call of a plugin that asked for it, which it must not outlive; or None.
    """

    frame: Frame
    cancellation: Cancellation
    depth: int = 0
    within: Call | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """What became of a list of jobs: of each whose turn came, and the first failure with its step."""

    jobs: tuple[JobResult, ...]
    step: int = 0
    error: WardianError | None = None

    def failure(self, said: str, name: str, result: TaskResult | None = None) -> TaskFailed:
        """The error for these jobs, of which one has failed; that one's error is its cause."""
        told, hint = str(self.error).partition("\n")[0], self.error.hint if self.error is not None else ""
        error = TaskFailed(f"{said}: {told}", task=name, step=self.step, result=result, hint=hint)
        error.__cause__ = self.error
        return error


@dataclass(frozen=True, slots=True)
class Run:
    """What the jobs of one run share.

    Attributes:
        tasks: the tasks that there are.
        mixins: the mixins that there are.
        act: carries out an action.
        tell: is told each event, on the thread of its job, one at a time.
        folder: where commands run.
        allow_shell: whether the texts of the file may run commands.
        mask: takes secrets out of an error, in place.
        slots: asynchronous jobs that may still be started.
    """

    tasks: Mapping[str, Sequence[Job]]
    mixins: Mapping[str, Sequence[Job]]
    act: Act
    tell: Callable[[Event], object]
    folder: Path
    allow_shell: bool = False
    mask: Callable[[WardianError], WardianError] = lambda error: error
    slots: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(BESIDE))

    def task(self, name: str, level: Level) -> tuple[TaskResult, WardianError | None]:
        """Run a task to its end; what became of it, and why it did not succeed: `TaskFailed` or `Cancelled`."""
        self.tell(TaskStarted(name, level.depth))
        start = time.monotonic()
        listed = self.jobs(self.tasks[name], level)
        status: Status = "succeeded" if listed.error is None else "failed"
        if isinstance(listed.error, Cancelled) and level.cancellation.reason is not None:
            status = "cancelled"
        result = TaskResult(name, status, time.monotonic() - start, listed.jobs)
        self.tell(TaskDone(result, level.depth))
        if status == "failed":
            return result, listed.failure(f"task `{name}` returned an error on step {listed.step}", name, result)
        return result, listed.error

    def jobs(self, jobs: Sequence[Job], level: Level) -> Listed:
        """Run the jobs of a task or mixin; the first that fails ends all others of this list.

        What is no error of this package, such as one of the listener's, is raised once nothing runs any more.
        """
        inner = Cancellation(level.cancellation)
        beside = _Beside(self, replace(level, cancellation=inner))
        try:
            for step, job in enumerate(jobs, 1):
                if inner.reason is not None:
                    break
                beside.begin(step, job)
            beside.wait()
        except BaseException:  # the program's own, such as Ctrl-C: nothing is left running behind its back
            inner.cancel()
            beside.wait()
            raise
        finally:
            inner.close()
        done = tuple(beside.results[step] for step in sorted(beside.results))
        if beside.failed is not None:
            step, error = beside.failed
            if not isinstance(error, WardianError):
                raise error
            return Listed(done, step, error)
        if inner.reason is not None and len(done) < len(jobs):
            return Listed(done, len(done) + 1, Cancelled("the task was cancelled"))
        return Listed(done)


class _Beside:
    """The jobs of one list that have begun."""

    def __init__(self, run: Run, level: Level) -> None:
        self.results: dict[int, JobResult] = {}
        self.failed: tuple[int, BaseException] | None = None
        self._run, self._level = run, level
        self._lock, self._owner = threading.Lock(), threading.current_thread()
        self._threads: list[threading.Thread] = []

    def begin(self, step: int, job: Job) -> None:
        """Do the job, or start it where it is asynchronous and a thread can be had; otherwise it takes its own turn."""
        scope = self._level.frame.scope({name: held.plain() for name, held in job.vars.items()})
        if not (job.async_ and self._run.slots.acquire(blocking=False)):
            self._do(step, job, scope)
            return
        context = contextvars.copy_context()

        def work() -> None:
            try:
                context.run(self._do, step, job, scope)
            finally:
                self._run.slots.release()

        thread = threading.Thread(target=work, name=f"wardian-job-{step}", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # no thread can be had
            self._run.slots.release()
            self._do(step, job, scope)
            return
        self._threads = [each for each in self._threads if each.is_alive()]
        self._threads.append(thread)

    def wait(self) -> None:
        """Wait for all that have been started."""
        for thread in self._threads:
            thread.join()

    def _do(self, step: int, job: Job, scope: Scope) -> None:
        try:
            result = self.results[step] = perform(self._run, self._level, step, job, scope)
        except BaseException as raised:
            self._fail(step, raised)
            # What the program itself is ended by is raised where it came; another thread's is raised by the one that
            # waits for it.
            if not isinstance(raised, Exception) and threading.current_thread() is self._owner:
                raise
        else:
            if result.error is not None:
                self._fail(step, result.error)

    def _fail(self, step: int, error: BaseException) -> None:
        with self._lock:
            # Those that are ended by the first failure are no failures of their own.
            if self.failed is None:
                self.failed = (step, error)
        self._level.cancellation.cancel("failed")
