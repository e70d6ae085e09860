"""`Plan`: what a pipeline of a project comes to: its members in the order in which records meet them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wardian.config import symbols
from wardian.document.problem import Problems
from wardian.errors import ConfigError, WardianError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wardian.bindings.descriptions import Descriptions
    from wardian.config.pipeline import Pipeline
    from wardian.config.project import Project
    from wardian.config.use import Use

_ROLES = {"sources": "source", "steps": "step", "sinks": "sink"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A source, a step or a sink of one pipeline.

    Attributes:
        role: `source`, `step` or `sink`.
        name: its name in the pipeline, which no other member of it has; a step that stands twice is `parse` and
            `parse-2`.
        use_name: the name of the use in `sources`, `steps` or `sinks`.
        use: the use.
        kind: what it is used as: `source`, `processor`, `aggregator`, `function` or `sink`.
        paths: the outputs whose records it takes; None for those of records without one. A source has none.
        plugin: its plugin, by the name in the project, or None.
        type: what the host makes itself, or None.
    """

    role: str
    name: str
    use_name: str
    use: Use
    kind: str
    paths: tuple[str | None, ...] = ()
    plugin: str | None = None
    type: str | None = None

    @property
    def path(self) -> str | None:
        """The output whose records a step takes, or None."""
        return self.paths[0] if self.paths else None

    @property
    def group(self) -> str:
        """Where its use stands: `sources`, `steps` or `sinks`."""
        return f"{self.role}s"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What a pipeline names and goes without, and why."""

    role: str
    name: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A pipeline that is enabled.

    Attributes:
        name: its name.
        rules: how it delivers, batches, fails and so on.
        members: sources, then steps in their order, then sinks; a sink that takes several outputs is there once.
        left_out: what is disabled.
        problems: why it cannot run, a line each.
    """

    name: str
    rules: Pipeline
    members: tuple[Member, ...]
    left_out: tuple[LeftOut, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[Member, ...]:
        """The sources."""
        return self._of("source")

    @property
    def steps(self) -> tuple[Member, ...]:
        """The steps, in the order in which records go through them."""
        return self._of("step")

    @property
    def sinks(self) -> tuple[Member, ...]:
        """The sinks."""
        return self._of("sink")

    def member(self, name: str) -> Member:
        """The member of this name; raises `KeyError` where there is none."""
        for each in self.members:
            if each.name == name:
                return each
        raise KeyError(name)

    def require(self) -> None:
        """End here if it cannot run.

        Raises:
            ConfigError: with every problem.
        """
        if self.problems:
            raise ConfigError("this pipeline cannot run", problems=self.problems, where=self.name)

    def _of(self, role: str) -> tuple[Member, ...]:
        return tuple(each for each in self.members if each.role == role)


def plan(project: Project, descriptions: Descriptions) -> tuple[Plan, ...]:
    """A plan for each pipeline that is enabled, in the order of the file; nothing is loaded."""
    return tuple(_plan(name, project, descriptions) for name, held in project.pipelines.items() if held.enabled)


def _plan(name: str, project: Project, descriptions: Descriptions) -> Plan:
    rules = project.pipelines[name]
    problems = Problems()
    members: list[Member] = []
    left_out: list[LeftOut] = []
    places = tuple(_places(rules))
    named = {use_name for _, use_name, _ in places}
    for group, use_name, paths in places:
        use: Use = getattr(project, group)[use_name]
        why = _disabled(group, use_name, use, project)
        if why and not (group == "steps" and use.enabled):
            left_out.append(LeftOut(_ROLES[group], use_name, why))
            continue
        if why:
            # Records would go past it: what masks or sorts out is not to be lost by what is said elsewhere.
            hint = f"set `steps.{use_name}.enabled` to false if records are to go past it"
            expected = f"an enabled plugin for the step `{use_name}`"
            problems.note(rules.at.node, rules.at.path, expected, f"`{use.plugin}`", hint=hint, at_key=True)
        made = Member(
            role=_ROLES[group], name=_free(use_name, {each.name for each in members}, named), use_name=use_name,
            use=use, kind=_kind(use, group, descriptions, problems), paths=paths, plugin=use.plugin, type=use.type,
        )  # fmt: skip
        members.append(made)
    for group, role in _ROLES.items():
        if group != "steps" and not any(each.role == role for each in members):
            problems.note(rules.at.node, rules.at.path, f"a {role} that is enabled", "none", at_key=True)
    return Plan(
        name=name, rules=rules, members=tuple(members), left_out=tuple(left_out), problems=tuple(problems.sorted())
    )


def _places(rules: Pipeline) -> Iterator[tuple[str, str, tuple[str | None, ...]]]:
    """Each member's group, name and paths: a step for each time that it stands there, a sink once."""
    for name in rules.sources:
        yield "sources", name, ()
    for lane in rules.steps:
        yield "steps", lane.name, (lane.path,)
    paths: dict[str, dict[str | None, None]] = {}
    for lane in rules.sinks:
        paths.setdefault(lane.name, {})[lane.path] = None
    for name, taken in paths.items():
        yield "sinks", name, tuple(taken)


def _disabled(group: str, name: str, use: Use, project: Project) -> str:
    if not use.enabled:
        return f"`{group}.{name}.enabled` is false"
    if use.plugin is not None and not project.plugins[use.plugin].enabled:
        return f"`plugins.{use.plugin}.enabled` is false"
    return ""


def _kind(use: Use, group: str, descriptions: Descriptions, problems: Problems) -> str:
    """What it is used as; a plugin that says nothing of itself is what its use makes of it."""
    presumed = symbols.kinds(use, group)[0]
    if use.plugin is None or not descriptions.plugins[use.plugin].enabled:
        return presumed
    try:
        manifest = descriptions.manifest(use.plugin)
    except WardianError:
        return presumed  # whoever opens it says why it cannot be read
    if manifest is None:
        return presumed
    found = symbols.chosen(use, group, manifest.symbols, f"the plugin `{use.plugin}`", problems)
    return presumed if found is None else found.kind


def _free(name: str, taken: set[str], named: set[str]) -> str:
    """The name, or the first of `name-2`, `name-3`, … that no member has and no use is called."""
    found, count = name, 1
    while found in taken or (count > 1 and found in named):
        count += 1
        found = f"{name}-{count}"
    return found
