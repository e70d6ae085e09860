"""How values are written into a text, and how much there is of them."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime

from wardian.errors import ExpressionError


def text_of(value: object) -> str:
    """The text of a value where it stands in a text.

    Raises:
        ExpressionError: it has none: bytes, or a float that is not finite.
    """
    if type(value) is str:
        return value
    if value is None:
        return ""
    if isinstance(value, datetime):
        return _moment(value)
    return json_of(value)


def json_of(value: object) -> str:
    """The value as JSON, on one line; a point in time as a text.

    Raises:
        ExpressionError: JSON has no such value.
    """
    if isinstance(value, float) and not math.isfinite(value):
        raise ExpressionError("invalid", "a number that is not finite has no text")
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_other)
    except (TypeError, ValueError):
        raise ExpressionError("invalid", "bytes, or a number that is not finite, have no text") from None


def weight(value: object, most: int) -> int:
    """How many characters and values there are in it; looks no further once there are more than `most`."""
    total, left = 0, [value]
    while left and total <= most:
        one = left.pop()
        total += 1
        if isinstance(one, (str, bytes)):
            total += len(one)
        elif isinstance(one, dict):
            total += sum(map(len, one))
            left.extend(one.values())
        elif isinstance(one, list):
            left.extend(one)
    return total


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _other(value: object) -> str:
    if isinstance(value, datetime):
        return _moment(value)
    raise TypeError
