"""`wardian state`: what a state directory keeps, and how it is forgotten."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from wardian.cli import json_text, terminal
from wardian.cli.exit_codes import OK, exit_code
from wardian.cli.project_file import find
from wardian.cli.usage import Usage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from wardian.engine.directory import StateDirectory
    from wardian.engine.kept import Known

    Command = TypeVar("Command", bound=Callable[..., Any])

_FILE = click.option("--file", type=click.Path(), metavar="FILE", help="The configuration; by default the nearest "
    "wardian.yaml, upwards from here.")  # fmt: skip
_STATE = click.option("--state", type=click.Path(), metavar="DIR", help="The state directory; by default `.wardian` "
    "beside the configuration.")  # fmt: skip


@click.group("state", short_help="List or reset what pipelines keep.")
def state() -> None:
    """Look at what pipelines keep in a state directory, and have it forgotten."""


@state.command("list", short_help="List what is kept.")
@_FILE
@_STATE
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_(*, file: str | None, state: str | None, as_json: bool) -> int:
    """List the pipelines that keep something: records that wait, dead letters, and the state of each member.

    What the configuration has no more is marked as an orphan. It works while `wardian up` runs, too.
    """
    from wardian.cli import kept_lines  # noqa: PLC0415 - SQLite is loaded when something is to be read
    from wardian.engine import kept  # noqa: PLC0415

    directory, known = _meant(file, state)
    found = [kept.Kept.of(directory, name, known) for name in directory.pipelines()]
    shared = kept.shared(directory)
    if as_json:
        told = kept_lines.as_dict(found, shared)
        terminal.give(json_text.write(told, indent=2 if sys.stdout.isatty() else None))
    else:
        terminal.give("\n".join(kept_lines.lines(found, shared)))
    broken = [each.error for each in found if each.error is not None]
    return exit_code(broken[0]) if broken else OK


@state.command("reset", short_help="Forget what is kept.")
@click.argument("names", nargs=-1, metavar="[PIPELINE[/MEMBER]]...")
@click.option("--orphans", is_flag=True, help="All that belongs to what the configuration has no more.")
@_FILE
@_STATE
def reset(names: Sequence[str], *, orphans: bool, file: str | None, state: str | None) -> None:
    """Forget what belongs to these names; it cannot be had back. No `wardian up` may run.

    PIPELINE is all of a pipeline: its log, its dead letters, its state, and where its sources stand. PIPELINE/MEMBER is
    the state of one of its members, its open window, and where it stands if it is a source. PIPELINE/ is what uses of a
    plugin share in a pipeline, and / what they share in all of them.
    """
    from wardian.engine import kept  # noqa: PLC0415 - as above

    if bool(names) == orphans:
        raise Usage(
            "name what is to be forgotten, or give `--orphans`", hint="`wardian state list` shows what there is"
        )
    directory, known = _meant(file, state)
    with directory.hold():
        wanted = list(names)
        if orphans:
            if known is None:
                raise Usage("there is no configuration to compare the state with", hint="name it with `--file`")
            for each in (kept.Kept.of(directory, name, known) for name in directory.pipelines()):
                wanted += [each.pipeline] if each.orphan else [f"{each.pipeline}/{member}" for member in each.orphans]
        for name in wanted:
            said = "is forgotten" if kept.reset(directory, name) else "had nothing"
            terminal.give(f"{name} {said}")
    if not wanted:
        terminal.give("there are no orphans")


def _meant(file: str | None, state: str | None) -> tuple[StateDirectory, Known | None]:
    """The directory, and the pipelines of the configuration, if there is one."""
    from wardian.config import loading  # noqa: PLC0415 - as above
    from wardian.endpoints.kinds import TYPES  # noqa: PLC0415
    from wardian.engine import kept  # noqa: PLC0415
    from wardian.engine.directory import StateDirectory  # noqa: PLC0415

    try:
        path = find(file)
    except Usage:
        if state is None:
            raise
        path = None
    directory = StateDirectory.beside(Path(path or "")) if state is None else StateDirectory(Path(state))
    if not directory.path.is_dir():
        raise Usage(
            f"there is no state directory `{directory.path}`", hint="`wardian up` makes it; name one with `--state`"
        )
    if path is None:
        return directory, None
    return directory, kept.known(loading.load(path, environ=os.environ, types=TYPES).project)
