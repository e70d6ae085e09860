"""The record that takes the place of one that failed: given, set in part, or written in an editor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from wardian.cli import json_text, options
from wardian.cli.request_input import read_value
from wardian.cli.usage import Usage
from wardian.record import NotARecord, Record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wardian.transport.contract import Value


def mended(before: Value, given: str | None, changes: Sequence[str]) -> Value | None:
    """The record that is wanted, or None where it is the one that is there.

    Raises:
        Usage: it cannot be read, or is no record.
    """
    wanted: Any = before if given is None else read_value(given, text=False)
    if given is None and not changes:
        wanted = _written(before)
    if changes:
        if not isinstance(wanted, dict):
            raise Usage("a record is a map with `data`", where="--set")
        wanted = options.settings(wanted, changes)
    try:
        value = Record.from_value(wanted).to_value()
    except NotARecord as error:
        raise Usage(f"this is no record: {error}", hint='such as {"data": "hello"}') from None
    return None if value == before else value


def _written(before: Value) -> Any:  # noqa: ANN401
    """What a person makes of the record in an editor; the record itself where nothing was saved."""
    text = json_text.write(before, indent=2)
    edited = click.edit(text + "\n", extension=".json")
    if edited is None or edited.strip() == text:
        return before
    return json_text.parse(edited, where="what was written", hint="the letter is as it was")
