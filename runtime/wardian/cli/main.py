"""The command `wardian`: its commands, and how it ends."""

from __future__ import annotations

import importlib.metadata
import io
import logging
import sys
from typing import NoReturn

import click

from wardian.cli import diagnostics, exit_codes, terminal
from wardian.cli.action import action
from wardian.cli.aggregate import aggregate
from wardian.cli.build import build
from wardian.cli.call import call
from wardian.cli.check import check
from wardian.cli.completion import completion
from wardian.cli.dead import dead
from wardian.cli.dev import dev
from wardian.cli.function import function
from wardian.cli.inspect import inspect
from wardian.cli.limits import limits
from wardian.cli.list import list_
from wardian.cli.lookup import lookup
from wardian.cli.new import new
from wardian.cli.plan import plan
from wardian.cli.process import process
from wardian.cli.schema import schema
from wardian.cli.sink import sink
from wardian.cli.snapshot import snapshot
from wardian.cli.source import source
from wardian.cli.state import state
from wardian.cli.status import status
from wardian.cli.task import task
from wardian.cli.tasks import tasks
from wardian.cli.test import test
from wardian.cli.try_ import try_
from wardian.cli.up import up


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(importlib.metadata.version("wardian"), message="%(prog)s %(version)s")
@click.pass_context
def app(ctx: click.Context) -> None:
    """Run WebAssembly plugins that nobody has to trust."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


app.epilog = f"\b\nExit codes:\n{exit_codes.table_text()}"
for _command in (
    call, task, source, action, process, function, aggregate, sink, lookup, plan, try_, up, status, dead, state, tasks,
    new, build, test, dev, snapshot, check, inspect, list_, limits, schema, completion,
):  # fmt: skip
    app.add_command(_command)


def run(args: list[str] | None = None) -> NoReturn:
    """Run the command line, and exit with a code of `exit_codes`; what went wrong is on standard error."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # as JSON is, whatever the locale
    logging.getLogger("wardian").addHandler(_Warnings(logging.WARNING))
    code = perform(args)
    terminal.abandon_output()
    sys.exit(code)


def perform(args: list[str] | None = None) -> int:
    """Run the command line and give its exit code."""
    try:
        given = app.main(args, prog_name="wardian", standalone_mode=False)
        sys.stdout.flush()
    except (click.Abort, KeyboardInterrupt) as error:
        terminal.say("interrupted")
        return exit_codes.exit_code(error)
    except BrokenPipeError as error:
        return exit_codes.exit_code(error)
    except Exception as error:  # noqa: BLE001 - the last door: nothing is raised past it
        diagnostics.report(error)
        return exit_codes.exit_code(error)
    return given if isinstance(given, int) else exit_codes.OK


class _Warnings(logging.Handler):
    """What the runtime warns of, in a line each."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print it like the errors."""
        terminal.say(f"{click.style('warning:', fg='yellow', bold=True)} {diagnostics.shown(record.getMessage())}")
