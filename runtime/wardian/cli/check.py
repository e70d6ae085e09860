"""`wardian check`: whether a plugin keeps the promises of its kind, or a configuration is right."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from click.core import ParameterSource

from wardian.cli import json_text, options, terminal
from wardian.cli.usage import Usage

if TYPE_CHECKING:
    from collections.abc import Mapping

_DOCUMENTS: Final = (".yaml", ".yml", ".json")
_PLUGINS: Final = (".wasm", ".wat")


@click.command("check", short_help="Check a plugin or wardian.yaml: promises, problems.")
@click.argument("file", type=click.Path(), required=False, metavar="PLUGIN | FILE.yaml")
@click.option("--config", type=click.Path(), metavar="FILE", help="Configuration to open it with, over its defaults.")
@click.option("--set", "set_", multiple=True, metavar="KEY=VALUE", help="Set `a.b` of the configuration; JSON or text.")
@click.option("--input", "input_", type=click.Path(), metavar="FILE", help="Good inputs, JSON, one in each line.")
@click.option("--symbol", metavar="NAME", help="Check this symbol alone.")
@click.option(
    "--grant", multiple=True, metavar="NAME", shell_complete=options.complete_grant,
    help="Fail when it imports more than what is granted.",
)  # fmt: skip
@click.option(
    "--limit", multiple=True, metavar="NAME=VALUE", shell_complete=options.complete_limit,
    help="Such as memory=16MiB; see `wardian limits`.",
)  # fmt: skip
@click.option("--time", "seconds", metavar="DURATION", default="20s", show_default=True, help="How long it may take.")
@click.option("--only", multiple=True, metavar="ID", help="Look at this promise alone; more than once for several.")
@click.option("--list", "as_list", is_flag=True, help="List all promises, and check nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def check(*, file: str | None, as_list: bool, **given: Any) -> int:  # noqa: ANN401
    """Check a plugin, a .wasm or .wat file, or a configuration, a wardian.yaml.

    Of a plugin, each promise of its kind is printed with its verdict, and the smallest limits with which it does its
    work. It runs in a world that reaches nothing: state in memory, no network, no actions and extensions, and functions
    of the application that answer `not_found`. What it imports need not be granted. The exit code is 0 only when all
    promises hold, 7 when one is broken, and 6 when time was over before all were seen.

    Of a configuration, with all that it imports, every problem is printed with its file and line. Values that the
    environment or --set override are checked as well, and what a plugin's package says of its configuration. No secret
    is read, and no plugin runs.

    \b
    wardian check word_count.wasm --input records.jsonl
    wardian check word_count.wasm --grant state --limit deadline=50ms --json
    wardian check wardian.yaml
    wardian check --list
    """  # noqa: D301 - click's own mark for text that is not to be wrapped
    if as_list:
        _list(as_json=given["as_json"])
        return 0
    if file is None:
        raise Usage("name the plugin or the configuration", hint="such as `wardian check word_count.wasm`")
    if Path(file).suffix in _DOCUMENTS:
        return _check_config(file, given)
    if Path(file).suffix not in _PLUGINS:
        hint = f"its name ends in {', '.join(_DOCUMENTS)}, and a plugin's in {' or '.join(_PLUGINS)}"
        raise Usage("this is neither a plugin nor a configuration", where=file, hint=hint)
    from wardian.cli import checking  # noqa: PLC0415 - the runtime is loaded when something is to be run

    return checking.check(checking.Asked(plugin=file, **given))


def _check_config(file: str, given: Mapping[str, Any]) -> int:
    from wardian.cli import check_config  # noqa: PLC0415 - likewise

    ctx = click.get_current_context()
    for name in given.keys() - {"set_", "as_json"}:
        if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            option = next(each.opts[0] for each in ctx.command.params if each.name == name)
            raise Usage(f"`{option}` is for plugins", where=file, hint="of a configuration, `--set` and `--json` are")
    return check_config.check(file, given["set_"], as_json=given["as_json"])


def _list(*, as_json: bool) -> None:
    from wardian.conformance import every_kind  # noqa: PLC0415 - likewise

    if as_json:
        listed = [{"id": each.id, "text": each.text, "why": each.why, "hint": each.hint} for each in every_kind.ALL]
        terminal.give(json_text.write(listed, indent=2 if sys.stdout.isatty() else None))
        return
    from rich.table import Table  # noqa: PLC0415 - only where a person looks

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for promise in every_kind.ALL:
        table.add_row(promise.id, promise.text)
    terminal.show(table, sys.stdout)
