"""What the single values of a project say of each other: names lead somewhere, tasks end, uses only narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wardian.config import permissions, secret_references
from wardian.config.layers import merged_layers
from wardian.config.use import KINDS
from wardian.document.node import Node, below
from wardian.document.problem import Problems, listed, nearest, shown
from wardian.document.shapes import Unfit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wardian.config.host_type import Types
    from wardian.config.job import Job
    from wardian.config.project import Project
    from wardian.config.use import Use


def check(project: Project, types: Types, problems: Problems) -> None:
    """Note everything that leads nowhere."""
    for group in KINDS:
        for use in getattr(project, group).values():
            _use(project, use, group, types, problems)
    for pipeline in project.pipelines.values():
        for group in ("sources", "steps", "sinks"):
            held = pipeline.at.node.value.get(group, Node(None))
            for at, lane in held.children(below(pipeline.at.path, group)):
                if isinstance(lane.value, dict):
                    _named(project, lane.at(["name"]), f"{at}.name", group, problems)
                else:
                    _named(project, lane, at, group, problems)
    for job in _jobs(project):
        _job(project, job, problems)
    for name in (*project.tasks, *project.mixins):
        _circles(project, name, problems)
    secret_references.check(project, problems)


def _use(project: Project, use: Use, group: str, types: Types, problems: Problems) -> None:
    node, path = use.at.node, use.at.path
    if use.window is not None:
        if group != "steps":
            problems.note(node.at(["window"]), f"{path}.window", "no `window` but in `steps`", "one", at_key=True)
        elif use.fresh:
            said = "an instance that stays, as an aggregator keeps in it what it gathers"
            problems.note(node.at(["fresh"]), f"{path}.fresh", said)
    if use.plugin is not None:
        _named(project, node.at(["plugin"]), f"{path}.plugin", "plugins", problems)
        plugin = project.plugins.get(use.plugin)
        if plugin is not None:
            limits, grants = node.at(["limits"]), node.at(["grants"])
            permissions.narrowed(plugin.limits, use.limits, limits, f"{path}.limits", problems)
            permissions.fewer(plugin.grants, use.grants, grants, f"{path}.grants", problems)
        return
    known = {each.name: each for each in types.values() if group in each.groups}
    if use.type not in known:
        problems.note(node.at(["type"]), f"{path}.type", f"what the host makes in `{group}`: {listed(known)}")
        return
    for name in ("symbol", "section", "limits", "grants", "fresh", "instances"):
        if name in node.value:
            problems.note(node.at([name]), f"{path}.{name}", "a `plugin` for it", "a `type`", at_key=True)
    try:
        known[str(use.type)].config.read(merged_layers(use.config, node), f"{path}.config", problems)
    except Unfit:
        return


def _jobs(project: Project) -> Iterator[Job]:
    for group in (project.tasks, project.mixins):
        for jobs in group.values():
            yield from jobs


def _job(project: Project, job: Job, problems: Problems) -> None:
    node, path = job.at.node, job.at.path
    if job.action is not None:
        # What `plugin:symbol` means is known to whoever reads the plugins: they have names of their own as well.
        if ":" not in job.action:
            _named(project, node.at(["action"]), f"{path}.action", "actions", problems)
    elif job.task is not None:
        _named(project, node.at(["task"]), f"{path}.task", "tasks", problems)
    else:
        _named(project, node.at(["mixin"]), f"{path}.mixin", "mixins", problems)


def _named(project: Project, name: Node, path: str, group: str, problems: Problems) -> None:
    # As it was written: what is there and wrong is told for itself, and not once more by each use of it.
    held = project.at.node.value.get(group)
    there = held.value if held is not None and isinstance(held.value, dict) else {}
    if name.value not in there:
        hint = nearest(str(name.value), there) or f"there are {listed(there)}"
        problems.note(name, path, f"a name in `{group}`", shown(name.value), hint=hint)


def _circles(project: Project, start: str, problems: Problems) -> None:
    """Note the job by which a task or mixin leads back to itself."""
    for group in ("tasks", "mixins"):
        waiting, seen = [(group, start)], {(group, start)}
        while waiting:
            here, name = waiting.pop()
            for job in getattr(project, here).get(name, ()):
                there = ("tasks", job.task) if job.task else ("mixins", job.mixin) if job.mixin else None
                if there == (group, start):
                    at, word = job.at, there[0].removesuffix("s")
                    problems.note(at.node.at([word]), f"{at.path}.{word}", f"{group} that end", f"`{start}` again")
                elif there is not None and there not in seen:
                    seen.add(there)
                    waiting.append(there)
