"""`wardian process`: records through a processor, lines of JSON in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from wardian.cli import options

if TYPE_CHECKING:
    import threading

    from wardian.plugins.processor import Processor


@click.command("process", short_help="Send records through a processor.")
@options.of_a_use
@options.INPUT
def process(source: str, **given: Any) -> int:  # noqa: ANN401
    """Send each line of the input through PLUGIN, and print the records that come of it, each as a line of JSON.

    A line is a record, as a map with `data`; any other JSON value is what a record says. A record that fails does not
    end the run: it is told on standard error, as a line of JSON with the line's number, and in the exit code.

    \b
    wardian process count.wasm < lines.jsonl
    wardian source ticker.wasm --count 5 | wardian process stamp.wasm --grant clock
    """  # noqa: D301 - click's own mark for text that is not to be wrapped
    from wardian.cli import record_stream, using  # noqa: PLC0415 - the runtime is loaded when something is to be run
    from wardian.errors import GuestError  # noqa: PLC0415

    def work(used: Processor, ended: threading.Event) -> int:
        failures = record_stream.Failures()
        for number, record in record_stream.read_records(source, ended, failures):
            (outcome,) = used([record])
            if isinstance(outcome, GuestError):
                failures.note(number, outcome)
                continue
            for each in outcome:
                record_stream.give(each)
        return failures.code

    return using.use("processor", using.Chosen(**given), work)
