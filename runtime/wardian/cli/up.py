"""`wardian up`: run the pipelines of a `wardian.yaml`."""

from __future__ import annotations

from typing import Any

import click

from wardian.cli.log_lines import LEVELS


@click.command("up", short_help="Run the pipelines of a wardian.yaml.")
@click.argument("file", type=click.Path(), required=False)
@click.option("--set", "set_", multiple=True, metavar="KEY=VALUE", help="Set `a.b` of the file; JSON or text.")
@click.option("--state", type=click.Path(), metavar="DIR", help="Where pipelines keep what they have; by default "
    "`.wardian` beside the file.")  # fmt: skip
@click.option("--once", is_flag=True, help="Run each pipeline now and once, whatever its schedule says.")
@click.option("--no-watch", is_flag=True, help="Change nothing when files change; SIGHUP still does.")
@click.option("--metrics", type=click.IntRange(0, 65535), metavar="PORT", help="Serve metrics for Prometheus on the "
    "loopback address; 0 for any free port.")  # fmt: skip
@click.option("--log-format", type=click.Choice(("text", "json")), default="text", show_default=True,
    help="How log lines are written to standard error.")  # fmt: skip
@click.option("--log-level", type=click.Choice(LEVELS), default="info", show_default=True, help="Hide what is below.")
@click.option("-q", "--quiet", is_flag=True, help="Log errors alone, and give no summary.")
def up(**given: Any) -> int:  # noqa: ANN401 - click gives what `Asked` takes
    """Run the pipelines of FILE, by default the nearest wardian.yaml, upwards from here.

    It ends by itself, with a summary, once the sources of all pipelines are done.

    SIGTERM and Ctrl-C stop the sources, let what is on its way arrive, and end with 0; a second one ends at once. On
    SIGHUP, and when a file changes, what has changed is swapped or begins anew while the rest goes on; what fails to
    start is rolled back to what ran before.
    """
    from wardian.cli import upping  # noqa: PLC0415 - the runtime is loaded when something is to be run

    return upping.up(upping.Asked(**given))
