"""What a run tells while it goes on: frozen values, in the order in which things happen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wardian.capabilities.log import LogLine
    from wardian.tasks.result import JobResult, TaskResult


@dataclass(frozen=True, slots=True)
class TaskStarted:
    """A task begins: the one that was asked for, or one that it calls.

    Attributes:
        task: its name.
        level: 0 for the one that was asked for, one more within each task and mixin.
    """

    task: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class JobStarted:
    """The turn of a job has come; its condition and its delay come first.

    Attributes:
        job: what it does, such as `example-plugin:hello-world`, or `task deploy`.
        step: the how-manieth of its task or mixin, from 1 on.
        level: as of the task.
        description: what the file says of it, or an empty text.
    """

    job: str
    step: int
    level: int = 0
    description: str = ""


@dataclass(frozen=True, slots=True)
class Logged:
    """A plugin has written a log line while it served this run.

    Attributes:
        line: the line, with secrets masked.
        level: as of the task.
    """

    line: LogLine
    level: int = 0


@dataclass(frozen=True, slots=True)
class Warned:
    """Something went another way than planned.

    Attributes:
        text: what, such as `Job deadline exceeded`.
        job: as of `JobStarted`.
        level: as of the task.
    """

    text: str
    job: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class JobDone:
    """A job is over, in whatever way.

    Attributes:
        result: what became of it.
        level: as of the task.
    """

    result: JobResult
    level: int = 0


@dataclass(frozen=True, slots=True)
class TaskDone:
    """A task is over, in whatever way.

    Attributes:
        result: what became of it.
        level: as of the task.
    """

    result: TaskResult
    level: int = 0


Event = TaskStarted | JobStarted | Logged | Warned | JobDone | TaskDone
Listener = Callable[[Event], object]
