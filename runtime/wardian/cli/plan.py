"""`wardian plan`: what the pipelines of a `wardian.yaml` come to, drawn before anything of them runs."""

from __future__ import annotations

import dataclasses
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from wardian.cli import json_text, terminal
from wardian.cli.diagnostics import shown
from wardian.cli.exit_codes import OK, exit_code
from wardian.cli.project_file import find
from wardian.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wardian.pipeline.loads import Load, Narrowed


@click.command("plan", short_help="Draw the pipelines of a wardian.yaml, and what they load.")
@click.argument("file", type=click.Path(), required=False)
@click.option("--set", "set_", multiple=True, metavar="KEY=VALUE", help="Set `a.b` of the file; JSON or text.")
@click.option("--mermaid", "as_mermaid", is_flag=True, help="As a Mermaid flowchart.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def plan(file: str | None, set_: Sequence[str], *, as_mermaid: bool, as_json: bool) -> int:
    """Draw the pipelines of FILE, by default the nearest wardian.yaml, upwards from here.

    Then comes what would be loaded for them, with its version and digest, what it is granted and how it is limited; and
    what would not be loaded, and why. Modules are read; nothing is compiled, no secret is read, and nothing runs. The
    exit code is 5 where a pipeline cannot run.
    """
    from wardian.bindings.descriptions import Descriptions  # noqa: PLC0415 - when something is to be read
    from wardian.config import loading  # noqa: PLC0415
    from wardian.endpoints.kinds import TYPES  # noqa: PLC0415
    from wardian.pipeline import drawing  # noqa: PLC0415
    from wardian.pipeline.loads import loads  # noqa: PLC0415
    from wardian.pipeline.plan import plan as planned  # noqa: PLC0415

    path = find(file)
    loaded = loading.load(path, environ=os.environ, settings=set_, types=TYPES)
    project = loaded.project
    descriptions = Descriptions(project.plugins)
    plans = planned(project, descriptions)
    found = loads(project, plans, descriptions)
    disabled = [name for name, held in project.pipelines.items() if not held.enabled]
    if as_mermaid:
        terminal.give(drawing.mermaid(plans))
    elif as_json:
        told: dict[str, Any] = {"file": str(path), "pipelines": [drawing.as_dict(each) for each in plans]}
        told |= {
            "disabled": disabled,
            "loaded": [dataclasses.asdict(each) for each in found.loaded],
            "not_loaded": [dataclasses.asdict(each) for each in found.others],
        }
        terminal.give(json_text.write(told, indent=2 if sys.stdout.isatty() else None))
    else:
        lines = [line for each in plans for line in drawing.text(each).splitlines()]
        lines += [f"pipeline {name}: disabled: `pipelines.{name}.enabled` is false" for name in disabled]
        lines += [line for each in found.loaded for line in _load(each)]
        lines += [f"does not load {each.plugin}: {each.why}" for each in found.others]
        terminal.give("\n".join(map(shown, lines)) or "there are no pipelines")
    broken = any(each.problems for each in plans) or any(each.error for each in found.loaded)
    return exit_code(ConfigError("")) if broken else OK


def _load(load: Load) -> list[str]:
    what = f"cannot be read: {load.error}" if load.error else f"sha256 {load.digest[:12]}"
    version = f" {load.version}" if load.version else ""
    return [
        f"loads {load.plugin}{version} from {load.path}: {what}",
        f"  granted: {', '.join(load.granted) or 'nothing'}",
        f"  limited: {_written(load.limited) or 'by the defaults'}",
        *(f"  for {member}{_less(narrowed)}" for member, narrowed in load.members.items()),
    ]


def _less(narrowed: Narrowed) -> str:
    said = []
    if narrowed.granted is not None:
        said.append(f"granted: {', '.join(narrowed.granted) or 'nothing'}")
    if narrowed.limited:
        said.append(f"limited: {_written(narrowed.limited)}")
    return f", {'; '.join(said)}" if said else ""


def _written(limits: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in limits.items())
