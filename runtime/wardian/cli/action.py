"""`wardian action`: do something once."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from wardian.cli import json_text, options, request_input, terminal
from wardian.cli.exit_codes import OK

if TYPE_CHECKING:
    import threading

    from wardian.plugins.action import Action


@click.command("action", short_help="Do an action, and print its result.")
@options.of_a_use
@click.argument("params", required=False, metavar="[JSON | @FILE | -]")
def action(params: str | None, **given: Any) -> int:  # noqa: ANN401
    """Do what PLUGIN does with the parameters, and print the result as JSON.

    An action that is cut, by its deadline or by Ctrl-C, has failed; its plugin is asked once to undo what is left.

    \b
    wardian action hello.wasm '{"message": "Hello, {{ name }}"}' --var name=World
    wardian action deploy.wasm --symbol roll-back --limit deadline=30s
    """  # noqa: D301 - click's own mark for text that is not to be wrapped
    from wardian.cli import using  # noqa: PLC0415 - the runtime is loaded when something is to be run

    value = request_input.read_value(params, text=False)
    variables = options.variables(given.pop("var"))  # the call's own, which need no grant: it is given them

    def work(used: Action, _ended: threading.Event) -> int:
        result = used(value, variables)
        terminal.give(json_text.write(result, indent=2 if sys.stdout.isatty() else None))
        return OK

    return using.use("action", using.Chosen(**given), work)
