"""What running a task comes to: the actions that it needs and how many jobs it may be, found before any of it runs.

That its names lead somewhere, and that no task leads back to itself, was seen when the file was read. What is left is
a task that nobody could wait for: it is refused while nothing has been done yet.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from wardian.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wardian.config.job import Job

DEPTH: Final = 32  # tasks and mixins within each other; each takes some frames of a thread's stack
JOBS: Final = 100_000  # of one run; more of them come from mixins that multiply, and not from anybody's pen


@dataclass(frozen=True, slots=True)
class Plan:
    """What a task comes to.

    Attributes:
        task: its name.
        actions: the actions that its jobs name, each once, in the order in which they come.
        jobs: how many jobs it is at most, those of its tasks and mixins included.
    """

    task: str
    actions: tuple[str, ...]
    jobs: int


def plan(name: str, tasks: Mapping[str, Sequence[Job]], mixins: Mapping[str, Sequence[Job]]) -> Plan:
    """What the task of this name comes to.

    Raises:
        ConfigError: there is no such task, or it is too deep or too much.
    """
    if name not in tasks:
        raise ConfigError(f"there is no task `{name}`", hint=similar(name, tasks))
    walk = _Walk({"task": tasks, "mixin": mixins})
    found = walk.visit(("task", name), 0)
    if found.depth > DEPTH:
        raise _refused(name, f"its tasks and mixins are nested deeper than {DEPTH}")
    if found.jobs > JOBS:
        raise _refused(name, f"it comes to {found.jobs} jobs, and at most {JOBS} are run")
    return Plan(name, tuple(walk.actions), found.jobs)


def target(job: Job) -> tuple[str, str]:
    """What a job stands for: `action`, `task` or `mixin`, and its name."""
    for kind in ("action", "task", "mixin"):
        name: str | None = getattr(job, kind)
        if name is not None:
            return kind, name
    raise AssertionError(job)  # the reader of the file refuses such a one


def similar(name: str, names: Mapping[str, object] | Sequence[str]) -> str:
    """A hint for a name that is not among these."""
    near = difflib.get_close_matches(name, list(names), n=1)
    start = f"did you mean `{near[0]}`? " if near else ""
    shown = ", ".join(sorted(names)[:20]) or "none"
    return f"{start}there are: {shown}" + (f" and {len(names) - 20} more" if len(names) > 20 else "")


def _refused(name: str, why: str) -> ConfigError:
    return ConfigError(f"the task `{name}` cannot be run", problems=[f"tasks.{name}: {why}"])


@dataclass(frozen=True, slots=True)
class _Found:
    jobs: int
    depth: int


@dataclass(slots=True)
class _Walk:
    """One walk through what a task leads to; each task and mixin is looked at once."""

    lists: Mapping[str, Mapping[str, Sequence[Job]]]
    actions: dict[str, None] = field(default_factory=dict)
    found: dict[tuple[str, str], _Found] = field(default_factory=dict)

    def visit(self, node: tuple[str, str], above: int) -> _Found:
        """How many jobs a task or mixin is, and how deep, where it stands below so many others."""
        if node in self.found or above > DEPTH:
            return self.found.get(node, _Found(0, 0))
        jobs = depth = 0
        for job in self.lists[node[0]][node[1]]:
            jobs += 1
            kind, name = target(job)
            if kind == "action":
                self.actions.setdefault(name)
                continue
            inner = self.visit((kind, name), above + 1)
            jobs, depth = jobs + inner.jobs, max(depth, inner.depth)
        made = self.found[node] = _Found(jobs, depth + 1)
        return made
