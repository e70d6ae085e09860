"""`wardian status`: what the engine of a state directory does."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from wardian.cli import json_text, terminal
from wardian.cli.diagnostics import shown
from wardian.cli.project_file import find
from wardian.errors import StateError

if TYPE_CHECKING:
    from wardian.engine.status import EngineStatus

_EVERY: Final = 2.0  # seconds from one look to the next
_CLEAR: Final = "\x1b[H\x1b[2J\x1b[3J"  # a terminal begins anew at its top


@click.command("status", short_help="Show what running pipelines do.")
@click.option("--state", type=click.Path(), metavar="DIR", help="The state directory; by default `.wardian` beside the "
    "nearest wardian.yaml, upwards from here.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="All of it as JSON; with --watch a line for each look.")
@click.option("--watch", is_flag=True, help="Look every two seconds, until Ctrl-C.")
def status(state: str | None, *, as_json: bool, watch: bool) -> None:
    """Show what the pipelines do that `wardian up` runs.

    Their states and queues, and for each source, step and sink the version that runs, what it did, and its last error.
    A rate is that of the last seconds; p50 and p99 are what half and 99 of 100 calls did not exceed.
    """
    directory = Path(state) if state is not None else find(None).parent / ".wardian"
    if not watch:
        _show(_asked(directory), as_json=as_json)
        return
    try:
        while True:
            _look(directory, as_json=as_json)
            time.sleep(_EVERY)
    except KeyboardInterrupt:
        return  # how one stops watching


def _look(directory: Path, *, as_json: bool) -> None:
    """Show it once among several times; an engine that is gone may come back."""
    clear = sys.stdout.isatty() and not as_json
    try:
        made = _asked(directory)
    except StateError as error:
        if clear:
            terminal.give(_CLEAR)
        terminal.say(f"{click.style('warning:', fg='yellow', bold=True)} {shown(str(error))}")
        return
    if clear:
        terminal.give(_CLEAR)
    _show(made, as_json=as_json)


def _asked(directory: Path) -> EngineStatus:
    from wardian.engine.asking import ask  # noqa: PLC0415 - sockets are loaded when something is asked
    from wardian.engine.status_reading import read_status  # noqa: PLC0415

    return read_status(ask(directory, "status"))


def _show(made: EngineStatus, *, as_json: bool) -> None:
    from wardian.cli.status_lines import lines  # noqa: PLC0415

    terminal.give(json_text.write(made.as_dict()) if as_json else "\n".join(lines(made)))
