"""`wardian lookup`: rows by what their columns are equal to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from wardian.cli import json_text, options, terminal
from wardian.cli.exit_codes import OK
from wardian.cli.usage import Usage

if TYPE_CHECKING:
    import threading

    from wardian.plugins.lookup import Lookup


@click.command("lookup", short_help="Look rows up by their columns.")
@options.of_a_use
@click.argument("equal", nargs=-1, metavar="[COLUMN=VALUE]...")
@click.option("--field", "fields", multiple=True, metavar="NAME", help="A column that is wanted; by default all.")
def lookup(equal: tuple[str, ...], fields: tuple[str, ...], **given: Any) -> int:  # noqa: ANN401
    """Print the rows of PLUGIN in which the columns have these values, each as a line of JSON.

    A value is JSON where it parses, else text.

    \b
    wardian lookup countries.wasm code=NZ --field name --field capital
    """  # noqa: D301 - click's own mark for text that is not to be wrapped
    from wardian.cli import using  # noqa: PLC0415 - the runtime is loaded when something is to be run

    pairs = [each.partition("=") for each in equal]
    for column, equals, value in pairs:
        if not column or not equals:
            raise Usage(f"expected `column=value`, got `{column}{equals}{value}`", hint="such as `code=NZ`")
    keys, values = [pair[0] for pair in pairs], [options.json_or_text(pair[2]) for pair in pairs]

    def work(used: Lookup, _ended: threading.Event) -> int:
        for row in used.rows(fields, keys, values):
            terminal.give(json_text.write(row))
        return OK

    return using.use("lookup", using.Chosen(**given), work)
