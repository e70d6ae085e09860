"""Cases as a person reads what came of them: a line for each, more for those that did not pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from wardian.cli import terminal
from wardian.cli.diagnostics import shown
from wardian.cli.log_lines import log_text
from wardian.quantity import format_duration

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from wardian.toolchain.cases.running import Result

_FAULTS: Final = 20  # lines of one case


def give(result: Result, file: Path | None, *, logs: bool = False) -> None:
    """Print one case on standard output; with its log lines where it failed, or where these are asked for."""
    for line in lines(result, file, logs=logs):
        terminal.give(line)


def lines(result: Result, file: Path | None, *, logs: bool = False) -> list[str]:
    """The lines of one case, each printable."""
    took = click.style(_time(result.seconds), dim=True)
    if result.passed:
        made = [f"{click.style('ok', fg='green')}      {shown(result.name)}  {took}"]
    else:
        where = click.style(f"{'' if file is None else file.name}:{result.line}", dim=True)
        made = [f"{click.style('FAILED', fg='red', bold=True)}  {shown(result.name)}  {where}"]
        made += [f"          {shown(each)}" for each in result.faults[:_FAULTS]]
        if (more := len(result.faults) - _FAULTS) > 0:
            made.append(f"          and {more} more")
    if logs or not result.passed:
        made += [f"        | {log_text(each)}" for each in result.logs]
    return made


def summary(results: Sequence[Result]) -> str:
    """How many cases there were, and how many passed, in one line."""
    passed = sum(each.passed for each in results)
    failed = len(results) - passed
    every = f"{len(results)} case{'' if len(results) == 1 else 's'}"
    told = f"{passed} of {every} passed" if failed else f"{every} passed"
    return click.style(f"{told}; {_time(sum(each.seconds for each in results))}", fg="red" if failed else "green",
                       bold=True)  # fmt: skip


def as_json(result: Result) -> dict[str, Any]:
    """A case as plain data."""
    return {
        "name": result.name, "line": result.line, "passed": result.passed, "seconds": round(result.seconds, 6),
        "faults": list(result.faults),
        "logs": [{"level": each.level, "message": each.message, "fields": dict(each.fields)} for each in result.logs],
    }  # fmt: skip


def _time(seconds: float) -> str:
    return format_duration(float(f"{seconds:.2g}"))
