"""A plan as people read it: as text, as a Mermaid graph, and as plain data; before anything of it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wardian.quantity import format_duration, format_size

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wardian.pipeline.plan import Member, Plan


@dataclass(frozen=True, slots=True)
class Edge:
    """Records may go from one member to another one: those of an output, or without one.

    Attributes:
        source: the name of the member that gives them.
        target: the name of the one that takes them.
        path: the output, or None.
    """

    source: str
    target: str
    path: str | None


def edges(plan: Plan) -> tuple[Edge, ...]:
    """Who gives records to whom: a step takes all of its output that come before it, so those go no further.

    A source may name an output as well; that is not drawn where there is a step that it could be meant to come from.
    """
    found = []
    steps = plan.steps
    for at, each in enumerate((*steps, *plan.sinks)):
        before = steps[: min(at, len(steps))]
        for path in each.paths:
            takes = [place for place, step in enumerate(before) if step.path == path]
            first = plan.sources if path is None or not before else ()
            givers = before[takes[-1] :] if takes else (*first, *before)
            found += [Edge(giver.name, each.name, path) for giver in givers]
    return tuple(found)


def text(plan: Plan) -> str:
    """The plan as lines: a member each, with whom it has its records from."""
    known = edges(plan)
    rows = [
        (each.role, each.name, what(each), ", ".join(_giver(edge) for edge in known if edge.target == each.name))
        for each in plan.members
    ]
    widths = [max(len(row[at]) for row in rows) for at in range(3)] if rows else []
    lines = [f"pipeline {plan.name}: {rules(plan)}"]
    for *columns, givers in rows:
        padded = "  ".join(column.ljust(width) for column, width in zip(columns, widths, strict=True))
        lines.append(f"  {padded}{f'  <- {givers}' if givers else ''}".rstrip())
    lines += [f"  left out: the {each.role} `{each.name}`: {each.why}" for each in plan.left_out]
    lines += [f"  cannot run: {problem}" for problem in plan.problems]
    return "\n".join(lines)


def mermaid(plans: Iterable[Plan]) -> str:
    """All plans as one Mermaid flowchart, a frame for each."""
    lines = ["flowchart LR"]
    for at, plan in enumerate(plans):
        ids = {each.name: f"p{at}m{place}" for place, each in enumerate(plan.members)}
        lines.append(f'  subgraph p{at}["{plan.name}"]')
        for each in plan.members:
            begin, end = {"source": ("([", "])"), "step": ("[", "]"), "sink": ("[(", ")]")}[each.role]
            lines.append(f'    {ids[each.name]}{begin}"{each.name}<br/>{what(each)}"{end}')
        for edge in edges(plan):
            label = f"|{edge.path}|" if edge.path is not None else ""
            lines.append(f"    {ids[edge.source]} -->{label} {ids[edge.target]}")
        lines.append("  end")
    return "\n".join(lines)


def as_dict(plan: Plan) -> dict[str, Any]:
    """The plan as plain data, for JSON."""
    return {
        "name": plan.name,
        "rules": rules(plan),
        "members": [
            {
                "role": each.role, "name": each.name, "use": each.use_name, "kind": each.kind, "plugin": each.plugin,
                "type": each.type, "symbol": each.use.symbol, "paths": list(each.paths),
            }
            for each in plan.members
        ],
        "edges": [{"from": each.source, "to": each.target, "path": each.path} for each in edges(plan)],
        "left_out": [{"role": each.role, "name": each.name, "why": each.why} for each in plan.left_out],
        "problems": list(plan.problems),
    }  # fmt: skip


def what(member: Member) -> str:
    """What a member is, in a few words."""
    if member.plugin is None:
        return f"the host's {member.type}"
    symbol = f":{member.use.symbol}" if member.use.symbol else ""
    window = member.use.window
    closes = [] if window is None else [
        *([f"{window.count} records"] if window.count is not None else []),
        *([format_duration(window.every)] if window.every is not None else []),
    ]  # fmt: skip
    gathers = f", a window of {' or '.join(closes)}" if closes else ""
    kind = f"{member.kind} " if member.role == "step" else ""
    return f"{kind}{member.plugin}{symbol}{gathers}"


def rules(plan: Plan) -> str:
    """How a pipeline runs, in one line."""
    held = plan.rules
    batch, queue, errors = held.batch, held.queue, held.on_error
    said = [
        held.delivery,
        f"batches of {batch.count} records or {format_size(batch.bytes)}",
        f"{queue.count} records or {format_size(queue.bytes)} may wait",
        f"a record is tried {errors.attempts} times, then {errors.then}",
        f"state {held.state}" + (f" each {format_duration(held.interval)}" if held.state == "checkpoint" else ""),
    ]
    if len(plan.sinks) > 1:
        said.append(f"sinks {held.distribute}")
    schedule = held.schedule
    if schedule is not None:
        every = f"each {format_duration(schedule.every)}" if schedule.every is not None else ""
        said.append(f"runs {every or (f'by cron {schedule.cron}' if schedule.cron else 'once')}")
    return "; ".join(said)


def _giver(edge: Edge) -> str:
    return edge.source if edge.path is None else f"{edge.source} [{edge.path}]"
