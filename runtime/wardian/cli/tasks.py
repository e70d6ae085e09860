"""`wardian tasks`: the tasks of a `wardian.yaml`, and what keeps one from being run."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from wardian.cli import json_text, terminal
from wardian.cli.diagnostics import shown
from wardian.cli.project_file import find

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wardian.tasks.listing import PluginInfo, TaskInfo


@click.command("tasks", short_help="List the tasks of a wardian.yaml.")
@click.option(
    "--file", type=click.Path(), metavar="FILE", help="By default the nearest wardian.yaml, upwards from here."
)
@click.option("--set", "set_", multiple=True, metavar="KEY=VALUE", help="Set `a.b` of the file; JSON or text.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def tasks(file: str | None, set_: Sequence[str], *, as_json: bool) -> None:
    """List the tasks with their jobs, and what is disabled, not bound or cannot be found. Nothing is run."""
    from wardian.project import Project  # noqa: PLC0415 - the runtime is loaded when something is to be read

    with Project.open(find(file), settings=set_) as project:
        listed, plugins = project.tasks(), project.plugins()
    if as_json:
        told = {"file": str(project.path), "tasks": [each.as_dict() for each in listed]}
        told["plugins"] = [each.as_dict() for each in plugins]
        terminal.give(json_text.write(told, indent=2 if sys.stdout.isatty() else None))
        return
    terminal.give("\n".join(_lines(listed, plugins)) or "there are no tasks")


def _lines(listed: Sequence[TaskInfo], plugins: Sequence[PluginInfo]) -> list[str]:
    lines: list[str] = []
    for task in listed:
        said = f": {shown(task.description)}" if task.description else ""
        lines.append(f"{click.style(task.name, bold=True)}{said}")
        lines += [f"  - {job}" for job in task.jobs]
        lines += [f"  {click.style('cannot be run:', fg='red')} {shown(problem)}" for problem in task.problems]
    lines += [f"plugin {each.name}: {each.state}: {each.reason}" for each in plugins if each.state != "bound"]
    return lines
