"""`wardian source`: the records of a source, as lines of JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from wardian.cli import json_text, options, request_input
from wardian.cli.exit_codes import OK

if TYPE_CHECKING:
    import threading

    from wardian.plugins.source import Source


@click.command("source", short_help="Print the records of a source, until stopped.")
@options.of_a_use
@click.option("--count", type=click.IntRange(min=1), metavar="N", help="Stop after so many records.")
@click.option("--resume", metavar="JSON", help="The offset to go on from.")
@click.option("--request", metavar="JSON", help="Do not poll: push this to it, or @FILE, or - for standard input.")
def source(count: int | None, resume: str | None, request: str | None, **given: Any) -> int:  # noqa: ANN401
    """Print the records of PLUGIN, each as a line of JSON, until it is done or stopped.

    Ctrl-C and SIGTERM stop it: no record is printed after that. With --request, a source that is asked from outside
    gives one record, or nothing.

    \b
    wardian source ticker.wasm --set interval=2s --count 3
    wardian source random.wasm --section dedup --state random.sqlite --grant state
    wardian source hook.wasm --request '{"event": "opened"}'
    """  # noqa: D301 - click's own mark for text that is not to be wrapped
    from wardian.cli import using  # noqa: PLC0415 - the runtime is loaded when something is to be run

    offset = None if resume is None else json_text.parse(resume, where="--resume")
    payload = None if request is None else request_input.read_value(request, text=False)
    work = _Printer(count, payload, asked=request is not None)
    return using.use("source", using.Chosen(**given), work, resume=offset)


class _Printer:
    """Prints what a source gives."""

    def __init__(self, count: int | None, payload: object, *, asked: bool) -> None:
        self._count, self._payload, self._asked = count, payload, asked

    def __call__(self, used: Source, _ended: threading.Event) -> int:
        from wardian.cli import record_stream  # noqa: PLC0415 - as above

        if self._asked:
            record = used.request(self._payload)
            if record is not None:
                record_stream.give(record)
            return OK
        for number, record in enumerate(used, 1):
            record_stream.give(record)
            if number == self._count:
                break
        return OK
