"""`wardian call`: call one entry point of a plugin, JSON in and JSON out."""

from __future__ import annotations

import re
from typing import Any, Final

import click

from wardian.cli import options

_NEGATIVE: Final = re.compile(r"-\d[\d.eE+-]*")


class _TakesNegativeNumbers(click.Command):
    """Lets `-5` be an argument, as it is JSON, rather than an option that nobody knows."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put a space, which JSON does not mind, before each negative number, and take it away from a text."""
        rest = super().parse_args(ctx, [f" {each}" if _NEGATIVE.fullmatch(each) else each for each in args])
        request = ctx.params.get("request")
        if request and _NEGATIVE.fullmatch(request[1:]):
            ctx.params["request"] = request[1:]
        return rest


@click.command("call", cls=_TakesNegativeNumbers, short_help="Call an entry point: JSON in, JSON out.")
@options.of_a_plugin
@click.argument("entry", shell_complete=options.complete_entry)
@click.argument("request", required=False, metavar="[JSON | @FILE | -]")
@click.option("--text", is_flag=True, help="The request is plain text, not JSON.")
@click.option("--lines", is_flag=True, help="One call for each line of the input, on one instance.")
@click.option("--keep-going", is_flag=True, help="With --lines: go on after a line that failed.")
@click.option("--cbor", is_flag=True, help="Raw CBOR in and out, not looked at.")
@click.option("--receipt", is_flag=True, help="Print what it cost, on standard error.")
@click.option("--receipt-json", is_flag=True, help="The same as JSON, on standard error.")
def call(**given: Any) -> int:  # noqa: ANN401 - click gives what `Asked` takes
    """Call ENTRY of PLUGIN, a .wasm or .wat file, and print its reply.

    The request is JSON: an argument, @FILE, or - for standard input; without one it is null. The reply is JSON on
    standard output, indented at a terminal; everything else goes to standard error. Bytes are written as h'0102'.

    \b
    wardian call count_words.wasm count '"to be or not"' --grant state
    wardian call count_words.wasm count @poem.txt --text --grant state --receipt
    wardian call count_words.wasm count - --lines --grant state --state totals.sqlite < lines.jsonl

    Records that the plugin emits, where --grant emit allows that, are shown as JSON on standard error, a line each.
    State is kept in --state PATH; by default in $XDG_STATE_HOME/wardian/state.sqlite or
    ~/.local/state/wardian/state.sqlite. It is opened only where state is granted.
    """  # noqa: D301 - click's own mark for text that is not to be wrapped
    from wardian.cli import calling  # noqa: PLC0415 - the runtime is loaded when something is to be run

    return calling.call(calling.Asked(**given))
