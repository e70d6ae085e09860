"""`wardian limits`: every limit, what it is by default, and what it bounds."""

from __future__ import annotations

import dataclasses
import inspect
import re
import sys

import click

from wardian.cli import json_text, terminal
from wardian.policy import Limits


@click.command("limits", short_help="List all limits: default and meaning.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def limits(*, as_json: bool) -> None:
    """List what an instance may use, for `wardian call --limit NAME=VALUE`.

    Sizes are bytes, or such as 64KiB and 16MiB; durations are seconds, or such as 250ms and 1m30s; counts are whole
    numbers.
    """
    defaults, told = Limits().written(), meanings()
    if as_json:
        listed = {name: {"default": value, "meaning": told.get(name, "")} for name, value in defaults.items()}
        terminal.give(json_text.write(listed, indent=2 if sys.stdout.isatty() else None))
        return
    from rich.table import Table  # noqa: PLC0415 - only where a person looks

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold underline")
    table.add_column("limit", style="bold", no_wrap=True)
    table.add_column("default", justify="right", no_wrap=True)
    table.add_column("what it bounds", overflow="fold")
    for name, value in defaults.items():
        table.add_row(name, value, told.get(name, ""))
    terminal.show(table, sys.stdout)


def meanings() -> dict[str, str]:
    """What each limit bounds, as the documentation of `Limits` says it."""
    documented = inspect.getdoc(Limits) or ""
    names = "|".join(field.name for field in dataclasses.fields(Limits))
    found = re.findall(rf"^    ({names}): (.+(?:\n      .+)*)", documented, re.MULTILINE)
    return {name: " ".join(meaning.split()) for name, meaning in found}
