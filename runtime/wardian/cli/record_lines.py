"""The records that a plugin emits, as a person reads them and a program can, on standard error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from wardian.cli import terminal
from wardian.cli.json_text import write

if TYPE_CHECKING:
    from wardian.record import Record


class RecordPrinter:
    """Prints each record as `emit   {"data": …}`, or none at all.

    Args:
        quiet: whether none is to be seen; they are taken all the same.
    """

    def __init__(self, quiet: bool) -> None:  # noqa: FBT001 - its only argument
        self._quiet = quiet

    def __call__(self, records: list[Record]) -> None:
        """Print the records of one call."""
        if not self._quiet:
            for record in records:
                terminal.say(record_text(record))


def record_text(record: Record) -> str:
    """The line of one record; its JSON is printable."""
    return f"{click.style('emit ', fg='cyan')}  {write(record.to_value())}"
