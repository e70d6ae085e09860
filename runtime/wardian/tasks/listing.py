"""What a project's tasks and plugins are, and what keeps one of them from being used; nothing is run to say so."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from wardian.bindings import meaning
from wardian.errors import ConfigError, WardianError
from wardian.tasks.job import label_of
from wardian.tasks.plan import plan, target

if TYPE_CHECKING:
    from wardian.bindings.descriptions import Descriptions
    from wardian.config.project import Project


@dataclass(frozen=True, slots=True)
class TaskInfo:
    """A task as its file has it.

    Attributes:
        name: its name.
        description: what the file says of its first job that it says anything of, or an empty text.
        jobs: what its jobs do, such as `example-plugin:hello-world` or `task deploy`.
        problems: why it cannot be run, a line each.
    """

    name: str
    description: str
    jobs: tuple[str, ...]
    problems: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The same as plain data, for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class PluginInfo:
    """A plugin as its file has it.

    Attributes:
        name: its name in the file.
        state: `bound` when something that can be run needs it; `disabled`, or `not bound`, when it is never loaded.
        reason: why it is in that state.
    """

    name: str
    state: Literal["bound", "not bound", "disabled"]
    reason: str

    def as_dict(self) -> dict[str, Any]:
        """The same as plain data, for JSON."""
        return asdict(self)


def tasks(project: Project, descriptions: Descriptions) -> tuple[TaskInfo, ...]:
    """Every task of the project, in the order of the file."""
    return tuple(_task(name, project, descriptions) for name in project.tasks)


def plugins(project: Project, descriptions: Descriptions) -> tuple[PluginInfo, ...]:
    """Every plugin of the project, in the order of the file."""
    users = _users(project, descriptions)
    made = []
    for name, plugin in project.plugins.items():
        if not plugin.enabled:
            made.append(PluginInfo(name, "disabled", f"`plugins.{name}.enabled` is false"))
        elif name in users:
            made.append(PluginInfo(name, "bound", f"{users[name]} needs it"))
        else:
            made.append(PluginInfo(name, "not bound", "no task and no pipeline that is enabled needs it"))
    return tuple(made)


def _task(name: str, project: Project, descriptions: Descriptions) -> TaskInfo:
    jobs = project.tasks[name]
    problems: list[str] = []
    try:
        for action in plan(name, project.tasks, project.mixins).actions:
            try:
                meaning.action(action, project, descriptions)
            except WardianError as error:
                problems.append("; ".join(str(error).split("\n")))
    except ConfigError as error:
        problems += error.problems
    described = next((job.description for job in jobs if job.description), "")
    return TaskInfo(name, described, tuple(map(label_of, jobs)), tuple(problems))


def _users(project: Project, descriptions: Descriptions) -> dict[str, str]:
    """What needs a plugin, by the names of plugins."""
    users: dict[str, str] = {}
    for pipeline, held in project.pipelines.items():
        for group in ("sources", "steps", "sinks"):
            for lane in getattr(held, group) if held.enabled else ():
                use = getattr(project, group)[lane if isinstance(lane, str) else lane.name]
                if use.enabled and use.plugin is not None:
                    users.setdefault(use.plugin, f"the pipeline `{pipeline}`")
    for group, lists in (("task", project.tasks), ("mixin", project.mixins)):
        for name, jobs in lists.items():
            for kind, action in map(target, jobs):
                if kind == "action":
                    _note(action, f"the {group} `{name}`", project, descriptions, users)
    return users


def _note(action: str, who: str, project: Project, descriptions: Descriptions, users: dict[str, str]) -> None:
    try:
        users.setdefault(meaning.action(action, project, descriptions).plugin, who)
    except WardianError:
        return  # the task says why
