"""`wardian build`: a plugin of its author's sources."""

from __future__ import annotations

from typing import Any

import click


@click.command("build", short_help="Build a plugin from its sources.")
@click.argument("folder", type=click.Path(), required=False, default=".")
@click.option("-o", "--output", type=click.Path(), metavar="FILE", help="The module; by default NAME.wasm in FOLDER.")
@click.option("-v", "--verbose", is_flag=True, help="Print the commands.")
@click.option("--watch", is_flag=True, help="Build again whenever a file changes, until Ctrl-C.")
@click.option("--json", "as_json", is_flag=True, help="Print what came of it as JSON.")
def build(**given: Any) -> int:  # noqa: ANN401 - click gives what `Asked` takes
    """Build the plugin in FOLDER, by default this one: a folder with a plugin.yaml, whose `build` says what of.

    The description of the plugin is checked, and put into the module. Where the machine has `wasm-opt`, that makes the
    module smaller. What fails leaves the former module as it is, with exit code 10; a tool that is missing is told
    with the command that installs it.

    \b
    wardian build
    wardian build word_count -o plugins/word_count.wasm
    """  # noqa: D301 - click's own mark for text that is not to be wrapped
    from wardian.cli import building  # noqa: PLC0415 - what compiles is loaded when something is to be built

    return building.build(building.Asked(**given))
