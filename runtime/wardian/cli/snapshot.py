"""`wardian snapshot`: a module whose start has already happened."""

from __future__ import annotations

from pathlib import Path

import click

from wardian import whole_file
from wardian.cli import options
from wardian.cli.log_lines import LogPrinter


@click.command("snapshot", short_help="Run a module's initialiser now; write the module as it left it.")
@click.argument("module", type=click.Path(), metavar="IN.wasm")
@click.argument("output", type=click.Path(), metavar="OUT.wasm")
@click.option(
    "--entry", metavar="NAME",
    help="Export to run after `_initialize`; by default wardian_snapshot or wizer_initialize, where it is there.",
)  # fmt: skip
@click.option("--argument", type=click.Path(), metavar="FILE", help="Bytes to give to the entry, through its memory.")
@click.option("--keep", multiple=True, metavar="EXPORT", help="Leave this export in, though it was run.")
@click.option(
    "--limit", multiple=True, metavar="NAME=VALUE", shell_complete=options.complete_limit,
    help="Such as memory=16MiB or start_deadline=20s; see `wardian limits`.",
)  # fmt: skip
@click.option("-q", "--quiet", is_flag=True, help="Hide the module's log lines.")
def snapshot(
    *,
    module: str,
    output: str,
    entry: str | None,
    argument: str | None,
    keep: tuple[str, ...],
    limit: tuple[str, ...],
    quiet: bool,
) -> None:
    """Run what IN.wasm does at its start, and write OUT.wasm, which begins where that ended.

    Start section, `_initialize` and the entry run in the sandbox, within the limits; time stands still there, random
    bytes are always the same, and any host call but for the log ends it. What is left in memory and globals becomes
    part of OUT.wasm. An interpreter that has read its program, or tables that took long to compute, are then there at
    once. Equal modules give equal snapshots.

    \b
    wardian snapshot engine.wasm plugin.wasm --entry load --argument plugin.lua
    """  # noqa: D301 - click's own mark for text that is not to be wrapped
    limits = options.limits(limit)
    source, given = Path(module), None if argument is None else Path(argument).read_bytes()
    wasm = source.read_bytes()
    from wardian.cli.interruption import interruptible  # noqa: PLC0415 - the sandbox is loaded when it is needed
    from wardian.snapshot.snapshot import snapshot as take  # noqa: PLC0415

    printer = LogPrinter(None if quiet else "trace")
    made = interruptible(
        lambda: take(wasm, entry=entry, argument=given, keep=keep, limits=limits, name=source.stem, log=printer),
        lambda: None,
    )
    whole_file.write(Path(output), made)
