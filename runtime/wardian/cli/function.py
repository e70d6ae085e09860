"""`wardian function`: arguments in, a value out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from wardian.cli import json_text, options, terminal
from wardian.cli.exit_codes import OK
from wardian.cli.usage import Usage

if TYPE_CHECKING:
    import threading

    from wardian.plugins.function import Function


@click.command("function", short_help="Call a function, and print its value.")
@options.of_a_use
@click.argument("args", nargs=-1, metavar="[ARG]...")
@click.option("--rows", metavar="@FILE | -", help="Call it for each line instead: a JSON list of arguments.")
def function(args: tuple[str, ...], rows: str | None, **given: Any) -> int:  # noqa: ANN401
    """Call PLUGIN with the arguments, and print its value as JSON.

    An argument is JSON where it parses, else text; `--` stands before one that begins with a hyphen. With --rows, each
    line of the input is a row, on one instance; one that fails is told on standard error, as a line of JSON with the
    line's number, and in the exit code.

    \b
    wardian function words.wasm "Impossible is nothing" " "
    wardian function words.wasm --rows - < rows.jsonl
    """  # noqa: D301 - click's own mark for text that is not to be wrapped
    from wardian.cli import record_stream, using  # noqa: PLC0415 - the runtime is loaded when something is to be run
    from wardian.errors import GuestError  # noqa: PLC0415

    def once(used: Function, _ended: threading.Event) -> int:
        terminal.give(json_text.write(used(*(options.json_or_text(each) for each in args))))
        return OK

    def each_row(used: Function, ended: threading.Event) -> int:
        failures = record_stream.Failures()
        for number, row in record_stream.read(rows or "-", ended, failures):
            if not isinstance(row, list):
                failures.note(number, Usage("a row is a JSON list of arguments"))
                continue
            (outcome,) = used.rows([row])
            if isinstance(outcome, GuestError):
                failures.note(number, outcome)
            else:
                terminal.give(json_text.write(outcome))
        return failures.code

    if rows is not None and args:
        raise Usage("`--rows` goes with no arguments", hint="leave one of them out")
    return using.use("function", using.Chosen(**given), once if rows is None else each_row)
