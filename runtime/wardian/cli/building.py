"""What `wardian build` does once its options are read: find the project, build it, say what came of it."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wardian.cli import json_text, terminal
from wardian.cli.diagnostics import report, shown
from wardian.cli.exit_codes import OK
from wardian.errors import WardianError
from wardian.quantity import format_duration
from wardian.toolchain import watching
from wardian.toolchain.build import build as make
from wardian.toolchain.project import around, find

if TYPE_CHECKING:
    from wardian.toolchain.build import Built
    from wardian.toolchain.project import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The command line of `wardian build`, a field for each of its arguments and options."""

    folder: str = "."
    output: str | None = None
    verbose: bool = False
    watch: bool = False
    as_json: bool = False


def build(asked: Asked) -> int:
    """Build, and give the exit code.

    Raises:
        ConfigError: there is no project here, or its description is wrong.
        BuildError: a tool is missing or failed.
        KeyboardInterrupt: the person has had enough.
    """
    if asked.watch:
        with contextlib.suppress(KeyboardInterrupt):  # which is how watching ends
            _again_and_again(asked)
    else:
        built(asked)
    return OK


def built(asked: Asked, *, small: bool = True) -> tuple[Project, Built]:
    """Build once, and say so.

    Raises:
        WardianError: as `build`.
    """
    project = find(Path(asked.folder))
    output = None if asked.output is None else Path(asked.output)
    if output is not None:
        output.parent.mkdir(parents=True, exist_ok=True)
    made = make(project, output, say=_say if asked.verbose else None, small=small)
    if asked.as_json:
        terminal.give(json_text.write(as_json(project, made), indent=2 if sys.stdout.isatty() else None))
    else:
        terminal.say(told(made))
    return project, made


def told(made: Built) -> str:
    """A build in a line."""
    by = ", made smaller by wasm-opt" if made.optimised else ""
    path = click.style(shown(str(_near(made.module))), bold=True)
    return f"built {path}: {size(made.size)}{by}, in {format_duration(float(f'{made.seconds:.2g}'))}"


def as_json(project: Project, made: Built) -> dict[str, Any]:
    """The same as plain data; its keys stay the same between releases."""
    return {
        "module": str(made.module), "name": project.manifest.name, "version": str(project.manifest.version),
        "language": project.language, "size": made.size, "seconds": round(made.seconds, 3),
        "optimised": made.optimised,
    }  # fmt: skip


def size(count: int) -> str:
    """A size for a person, who compares it with another."""
    for unit, factor in (("MB", 1e6), ("kB", 1e3)):
        if count >= factor:
            return f"{count / factor:.3g} {unit}"
    return f"{count} bytes"


def _again_and_again(asked: Asked) -> None:
    """Build, wait for a change, and build again; only an interruption ends it."""
    places = around(Path(asked.folder))
    while True:
        seen = watching.look(places)
        try:
            built(asked)
        except WardianError as error:
            report(error)
        terminal.say(click.style("waiting for a change; Ctrl-C ends it", dim=True))
        watching.wait(places, seen)


def _say(command: str) -> None:
    terminal.say(click.style(shown(command), dim=True))


def _near(path: Path) -> Path:
    """The path as seen from here, where it is below."""
    here = Path.cwd()
    return path.resolve().relative_to(here) if path.resolve().is_relative_to(here) else path
