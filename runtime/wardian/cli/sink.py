"""`wardian sink`: records into a sink."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from wardian.cli import options

if TYPE_CHECKING:
    import threading

    from wardian.plugins.sink import Sink


@click.command("sink", short_help="Write records to a sink.")
@options.of_a_use
@options.INPUT
def sink(source: str, **given: Any) -> int:  # noqa: ANN401
    """Write each line of the input to PLUGIN, and flush it at the end.

    A line is a record, as a map with `data`; any other JSON value is what a record says. A record that fails does not
    end the run: it is told on standard error, as a line of JSON with the line's number, and in the exit code.

    \b
    wardian source ticker.wasm --count 5 | wardian sink keep.wasm --grant state
    """  # noqa: D301 - click's own mark for text that is not to be wrapped
    from wardian.cli import record_stream, using  # noqa: PLC0415 - the runtime is loaded when something is to be run

    def work(used: Sink, ended: threading.Event) -> int:
        failures = record_stream.Failures()
        for number, record in record_stream.read_records(source, ended, failures):
            (error,) = used.write([record])
            if error is not None:
                failures.note(number, error)
        used.flush(urgent=True)
        return failures.code

    return using.use("sink", using.Chosen(**given), work)
