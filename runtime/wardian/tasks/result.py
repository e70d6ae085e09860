"""What became of a task and of each of its jobs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from wardian.errors import WardianError
    from wardian.guests.receipt import Receipt

Status = Literal["succeeded", "failed", "skipped", "cancelled"]


@dataclass(frozen=True, slots=True)
class JobResult:
    """What became of one job.

    Attributes:
        job: what it does, such as `example-plugin:hello-world`, or `task deploy`.
        step: the how-manieth of its task or mixin, from 1 on.
        status: `succeeded`, `failed`, `skipped` for one whose condition did not hold, or `cancelled` for one that was
            ended because another failed, or because the run was.
        seconds: how long it took, its delay included.
        error: why it failed or was cancelled, or None.
        reply: what the action answered, or None.
        receipt: what the action's call cost, or None where there is none.
        jobs: what became of the jobs of the task or mixin that it stands for, as far as their turn came.
    """

    job: str
    step: int
    status: Status
    seconds: float
    error: WardianError | None = None
    reply: object = None
    receipt: Receipt | None = None
    jobs: tuple[JobResult, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The same as plain data, for JSON."""
        return {
            "job": self.job,
            "step": self.step,
            "status": self.status,
            "seconds": self.seconds,
            "error": None if self.error is None else {"code": self.error.code, "message": str(self.error)},
            "reply": self.reply,
            "receipt": None if self.receipt is None else self.receipt.as_dict(),
            "jobs": [job.as_dict() for job in self.jobs],
        }


@dataclass(frozen=True, slots=True)
class TaskResult:
    """What became of one task.

    Attributes:
        task: its name.
        status: `succeeded`, `failed` or `cancelled`.
        seconds: how long it took.
        jobs: what became of each of its jobs whose turn came, in the order of the file.
    """

    task: str
    status: Status
    seconds: float
    jobs: tuple[JobResult, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The same as plain data, for JSON."""
        return {
            "task": self.task,
            "status": self.status,
            "seconds": self.seconds,
            "jobs": [job.as_dict() for job in self.jobs],
        }
