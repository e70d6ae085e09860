"""`wardian aggregate`: records into an aggregator, and what comes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from wardian.cli import options

if TYPE_CHECKING:
    import threading

    from wardian.plugins.aggregator import Aggregator


@click.command("aggregate", short_help="Add records up, and print what comes of them.")
@options.of_a_use
@options.INPUT
def aggregate(source: str, **given: Any) -> int:  # noqa: ANN401
    """Add each line of the input to PLUGIN, and print at the end what came of all, each record as a line of JSON.

    A line is a record, as a map with `data`; any other JSON value is what a record says.

    \b
    wardian aggregate totals.wasm < lines.jsonl
    """  # noqa: D301 - click's own mark for text that is not to be wrapped
    from wardian.cli import record_stream, using  # noqa: PLC0415 - the runtime is loaded when something is to be run

    def work(used: Aggregator, ended: threading.Event) -> int:
        failures = record_stream.Failures()
        for _, record in record_stream.read_records(source, ended, failures):
            used.add([record])
        for each in used.flush():
            record_stream.give(each)
        return failures.code

    return using.use("aggregator", using.Chosen(**given), work)
