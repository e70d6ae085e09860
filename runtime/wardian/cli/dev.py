"""`wardian dev`: build, run and show, again with each change."""

from __future__ import annotations

from typing import Any

import click


@click.command("dev", short_help="Build and run again whenever a file changes.")
@click.argument("folder", type=click.Path(), required=False, default=".")
@click.option("--call", "entry", metavar="ENTRY", help="Call this entry point, in place of running the cases.")
@click.option("--input", "input_", metavar="FILE", help="Its request, JSON; null by default.")
@click.option("--config", type=click.Path(), metavar="FILE", help="Configuration of the call, over the defaults.")
@click.option("--set", "set_", multiple=True, metavar="KEY=VALUE", help="Set `a.b` of the configuration; JSON or text.")
@click.option("--symbol", metavar="NAME", help="Which of the plugin's symbols is called.")
@click.option("-k", "word", metavar="WORD", default="", help="Run the cases alone whose name has this in it.")
@click.option("-v", "--verbose", is_flag=True, help="Print what builds it, and all log lines of cases.")
def dev(**given: Any) -> int:  # noqa: ANN401 - click gives what `Asked` takes
    """Build the plugin in FOLDER, by default this one, and run its cases; again whenever a file changes, until Ctrl-C.

    With --call, an entry point is called instead, with each build and each change of its input; its log lines, its
    reply and what it cost are shown. The instance is a new one for each build, and what it keeps in state lasts.

    What cannot be built is told, and the former build goes on.

    \b
    wardian dev
    wardian dev word_count --call processor_process --input records.json
    """  # noqa: D301 - click's own mark for text that is not to be wrapped
    from wardian.cli import developing  # noqa: PLC0415 - the runtime is loaded when something is to be run

    return developing.dev(developing.Asked(**given))
