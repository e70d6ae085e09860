"""`wardian try`: a pipeline on given records, once, with its sinks captured."""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING

import click

from wardian.cli import json_text, terminal
from wardian.cli.log_lines import LEVELS, LogPrinter
from wardian.cli.project_file import find

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.command("try", short_help="Run a pipeline once on given records.")
@click.argument("file", type=click.Path(), required=False)
@click.option("--input", "given", required=True, metavar="FILE", help="Records, each a line of JSON; `-` for standard "
    "input.")  # fmt: skip
@click.option("--pipeline", metavar="NAME", help="Which one, where there are several.")
@click.option("--set", "set_", multiple=True, metavar="KEY=VALUE", help="Set `a.b` of the file; JSON or text.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--log-level", type=click.Choice(LEVELS), default="info", show_default=True, help="Hide what is below.")
def try_(
    file: str | None, *, given: str, pipeline: str | None, set_: Sequence[str], as_json: bool, log_level: str
) -> int:
    """Run the steps of a pipeline of FILE on these records, and show what each of them makes.

    FILE is by default the nearest wardian.yaml, upwards from here. Neither sources nor sinks are opened, state is
    forgotten afterwards, and what was kept for `wardian up` is not looked at. A line is a record, as a map with `data`;
    any other JSON value is what a record says. A record that fails is shown with its error, and in the exit code.

    \b
    wardian try wardian.yaml --input lines.jsonl
    """  # noqa: D301 - click's own mark for text that is not to be wrapped
    from wardian.cli import record_stream, tried_lines  # noqa: PLC0415 - the runtime is loaded when something is run
    from wardian.cli.exit_codes import exit_code  # noqa: PLC0415
    from wardian.cli.interruption import interruptible  # noqa: PLC0415
    from wardian.engine.trial import Tried, tried  # noqa: PLC0415
    from wardian.errors import GuestError  # noqa: PLC0415

    path, ended, failures = find(file), threading.Event(), record_stream.Failures()

    def work() -> Tried:
        source = given if given == "-" else f"@{given}"
        values = [record.to_value() for _, record in record_stream.read_records(source, ended, failures)]
        return tried(
            path,
            values,
            pipeline=pipeline,
            settings=set_,
            environ=os.environ,
            on_log=LogPrinter(log_level),
            ended=ended,
        )

    came_to = interruptible(work, ended.set)
    if as_json:
        terminal.give(json_text.write(tried_lines.as_dict(came_to), indent=2 if sys.stdout.isatty() else None))
    else:
        terminal.give("\n".join(tried_lines.lines(came_to)))
    if came_to.error is not None:
        raise came_to.error
    return failures.code or (exit_code(GuestError("invalid", "")) if came_to.dead else 0)
