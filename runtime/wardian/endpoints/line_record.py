"""From a line to a record and back: `json` and `text`, the same for files and for streams."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from wardian import plain_json
from wardian.errors import GuestError
from wardian.record import NotARecord, Record

if TYPE_CHECKING:
    from wardian.endpoints.lines import Line

FORMATS: Final = ("json", "text")
_DOUBTFUL: Final = re.compile(r"[0-9]{19}|\\u[dD]")  # what may be an integer that is too large, or half a pair
_LEAST, _MOST = -(2**63), 2**64 - 1  # integers that can be given to a plugin


def record_of(line: Line, form: str) -> Record:
    """The record that a line is; one that is none of its form is its bytes, with an `error` in `meta`.

    `json`: a map with `data` is a record, any other value is what a record says. `text`: the line, or its bytes where
    they are no UTF-8.
    """
    if line.cut:
        return wrong(line.data, "the line is longer than allowed; this is its beginning")
    try:
        text = line.data.decode()
    except UnicodeDecodeError:
        if form == "text":
            return Record(line.data, type="bytes")
        return wrong(line.data, "the line is no UTF-8")
    if form == "text":
        return Record(text)
    try:
        return record_of_value(parsed(text))
    except (ValueError, NotARecord) as error:
        return wrong(line.data, str(error) if text.strip() else "the line is empty")


def record_of_value(value: Any) -> Record:  # noqa: ANN401
    """A map with `data` as the record that it is, anything else as the data of one; raises `NotARecord`."""
    return Record.from_value(value) if isinstance(value, dict) and "data" in value else Record(value)


def parsed(text: str) -> Any:  # noqa: ANN401
    """The value of a JSON text that a plugin can be given.

    Raises:
        ValueError: there is none; the text says why.
    """
    value = plain_json.read(text)
    if _DOUBTFUL.search(text):
        _require_given(value)
    return value


def wrong(data: bytes, message: str) -> Record:
    """The record of what could not be understood."""
    return Record(data, type="bytes", meta={"error": {"kind": "invalid", "message": message[:500]}})


def line_of(record: Record, form: str) -> bytes | GuestError:
    """The line of a record, its end included, or why it has none."""
    if form == "json":
        try:
            return plain_json.write(record.to_value()).encode() + b"\n"
        except (TypeError, ValueError, RecursionError):
            return GuestError("invalid", "the record holds what JSON cannot say")
    data = record.data
    if isinstance(data, str):
        try:
            data = data.encode()
        except UnicodeEncodeError:
            return GuestError("invalid", "`data`: half a pair of Unicode")
    if not isinstance(data, bytes):
        return GuestError("invalid", "`data`: expected text or bytes for a line of text")
    if b"\n" in data:
        return GuestError("invalid", "`data`: a line of text holds no line feed")
    return data + b"\n"


def _require_given(value: Any) -> None:  # noqa: ANN401
    """Refuse integers of more than 64 bits and texts with half a pair of Unicode."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            try:
                each.encode()
            except UnicodeEncodeError:
                raise ValueError("a text has half a pair of Unicode") from None
        elif isinstance(each, int):
            if not _LEAST <= each <= _MOST:
                raise ValueError("an integer has more than 64 bits")
        elif isinstance(each, dict):
            waiting += each
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
