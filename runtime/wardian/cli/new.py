"""`wardian new`: a plugin to begin with."""

from __future__ import annotations

from typing import Any

import click


@click.command("new", short_help="Begin a plugin, in a language of your choice.")
@click.argument("name", required=False)
@click.option("--language", metavar="L", help="What it is written in, such as c; see --list.")
@click.option("--kind", metavar="K", help="What it is, such as processor; see --list.")
@click.option("--folder", type=click.Path(), metavar="DIR", help="Where it is put; by default NAME, in this folder.")
@click.option("--list", "as_list", is_flag=True, help="List languages and kinds, and begin nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written, or the list, as JSON.")
def new(**given: Any) -> int:  # noqa: ANN401 - click gives what `Asked` takes
    """Begin the plugin NAME: a whole small one of the kind, with its description and cases to test it by.

    NAME has lower-case letters, digits, and single `-` or `_` between them; `organization/name` says whose it is, which
    is `acme` otherwise. Nothing is overwritten.

    \b
    wardian new word-count --language c --kind processor
    wardian new --list
    """  # noqa: D301 - click's own mark for text that is not to be wrapped
    from wardian.cli import beginning  # noqa: PLC0415 - languages are loaded when something is to be begun

    return beginning.new(beginning.Asked(**given))
