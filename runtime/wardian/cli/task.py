"""`wardian task`: run a task of a `wardian.yaml`."""

from __future__ import annotations

from typing import Any

import click

from wardian.cli import options
from wardian.cli.log_lines import LEVELS


@click.command("task", short_help="Run a task of a wardian.yaml.")
@click.argument("name", shell_complete=options.complete_task)
@click.option(
    "--file", type=click.Path(), metavar="FILE", help="By default the nearest wardian.yaml, upwards from here."
)
@click.option("--var", "vars_", multiple=True, metavar="KEY=VALUE", help="A variable that wins over all others; text.")
@click.option("--set", "set_", multiple=True, metavar="KEY=VALUE", help="Set `a.b` of the file; JSON or text.")
@click.option("--allow-shell", is_flag=True, help="Let `{% … %}` in the file run commands.")
@click.option("--state", type=click.Path(), metavar="PATH", help="State file; `:memory:` to forget it afterwards.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print what became of each job as JSON; lines go to standard error."
)
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors, and the JSON that was asked for.")
@click.option("--log-level", type=click.Choice(LEVELS), default="trace", show_default=True, help="Hide what is below.")
def task(**given: Any) -> int:  # noqa: ANN401 - click gives what `Asked` takes
    """Run the task NAME, and print what its jobs say.

    \b
    wardian task hello-world
    wardian task hello-world --var name=Bob

    A variable has the value of the first of these that gives one: --var, the job's own vars, what an earlier job of
    the task has set, the vars of the call of the task, the file's vars.

    Ctrl-C ends all jobs, and lets each undo what it left behind; a second one ends at once.
    """  # noqa: D301 - click's own mark for text that is not to be wrapped
    from wardian.cli import tasking  # noqa: PLC0415 - the runtime is loaded when something is to be run

    return tasking.task(tasking.Asked(**given))
