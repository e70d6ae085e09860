"""The four tags that the ABI knows: points in time (0, 1) and long integers (2, 3); each checked as it is decoded.

A point in time stays what it was given as, its offset from UTC included; it must be one that UTC can express.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from wardian.abi.bounds import LEAST_INT, bad_cbor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# RFC 3339 with `T` and `Z` in capitals, as RFC 8949 asks for tag 0.
_HOUR_MINUTE: Final = "([01][0-9]|2[0-3]):[0-5][0-9]"
_RFC3339: Final = re.compile(
    rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{_HOUR_MINUTE}:[0-5][0-9](\.[0-9]{{1,9}})?(Z|[+-]{_HOUR_MINUTE})"
)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_INT_BYTES: Final = 8


def flaw_of_moment(moment: datetime) -> str:
    """Why a datetime is no point in time of the ABI, or an empty text."""
    offset = moment.utcoffset()
    if offset is None:
        return "expected a datetime with a timezone, got one without"
    if offset % timedelta(minutes=1):
        return f"expected an offset of whole minutes from UTC, got {offset}"
    try:
        moment.astimezone(UTC)
    except OverflowError:
        return "expected a datetime of the years 1 to 9999 in UTC, got one outside"
    return ""


def _text_moment(content: object, _immutable: bool) -> datetime:  # noqa: FBT001 - cbor2's own signature
    if not isinstance(content, str) or not _RFC3339.fullmatch(content):
        raise bad_cbor("tag 0 holds no point in time such as `2026-01-31T12:00:00Z`")
    try:
        moment = datetime.fromisoformat(content)
    except ValueError:
        raise bad_cbor("tag 0 holds a date or time that does not exist") from None
    if flaw_of_moment(moment):
        raise bad_cbor("tag 0 holds a point in time outside the years 1 to 9999 in UTC")
    return moment


def _number_moment(content: object, _immutable: bool) -> datetime:  # noqa: FBT001
    if isinstance(content, bool) or not isinstance(content, (int, float)) or not math.isfinite(content):
        raise bad_cbor("tag 1 holds no finite number of seconds")
    try:
        return _EPOCH + timedelta(seconds=content)
    except OverflowError:
        raise bad_cbor("tag 1 holds a point in time outside the years 1 to 9999") from None


def _magnitude(content: object) -> int:
    # Leading zeros are allowed by RFC 8949; what is left must fit before it is made a number.
    digits = content.lstrip(b"\0") if isinstance(content, bytes) else None
    if digits is None or len(digits) > _INT_BYTES:
        raise bad_cbor("tag 2 or 3 holds no integer of 64 bits")
    return int.from_bytes(digits, "big")


def _positive(content: object, _immutable: bool) -> int:  # noqa: FBT001
    return _magnitude(content)


def _negative(content: object, _immutable: bool) -> int:  # noqa: FBT001
    value = -1 - _magnitude(content)
    if value < LEAST_INT:
        raise bad_cbor("tag 3 holds an integer below -2^63")
    return value


MEANINGS: Final[Mapping[int, Callable[[object, bool], object]]] = {
    0: _text_moment,
    1: _number_moment,
    2: _positive,
    3: _negative,
}
