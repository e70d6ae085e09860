"""`Time`: a point in time as it crosses the border."""

import re
from datetime import UTC, datetime, timedelta

from wardian_sdk.failures import Invalid

_HOUR_MINUTE = "([01][0-9]|2[0-3]):[0-5][0-9]"
_RFC3339 = re.compile(
    rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{_HOUR_MINUTE}:[0-5][0-9])(?:\.([0-9]{{1,9}}))?(Z|[+-]{_HOUR_MINUTE})"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Time(datetime):
    """A `datetime` with a timezone that keeps nanoseconds too.

    Attributes:
        nanosecond: the nanoseconds beyond its microseconds, 0 to 999.
    """

    nanosecond = 0

    def parts(self):
        """Seconds since 1970, which may be negative, and the nanoseconds after them."""
        passed = self - _EPOCH
        return passed.days * 86400 + passed.seconds, passed.microseconds * 1000 + self.nanosecond


def _made(moment, nanosecond=0):
    # In UTC it must be of the years 1 to 9999, wherever it was written.
    try:
        moment.astimezone(UTC)
    except OverflowError:
        raise Invalid("a point in time outside the years 1 to 9999 in UTC") from None
    made = Time(
        moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second, moment.microsecond,
        moment.tzinfo,
    )  # fmt: skip
    if nanosecond:
        made.nanosecond = nanosecond
    return made


def from_text(text):
    """The time of a text as in RFC 3339."""
    found = _RFC3339.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise Invalid("tag 0 holds no point in time such as `2026-01-31T12:00:00Z`")
    fraction = (found[3] or "").ljust(9, "0")
    try:
        moment = datetime.fromisoformat(f"{found[1]}.{fraction[:6]}{found[4]}")
    except ValueError:
        raise Invalid("tag 0 holds a date or time that does not exist") from None
    return _made(moment, int(fraction[6:]))


def from_seconds(seconds):
    """The time so many seconds after 1970."""
    if type(seconds) not in (int, float) or seconds - seconds != 0:
        raise Invalid("tag 1 holds no finite number of seconds")
    try:
        return _made(_EPOCH + timedelta(seconds=seconds))
    except OverflowError:
        raise Invalid("tag 1 holds a point in time outside the years 1 to 9999") from None


def to_text(moment):
    """The text of a `datetime`, or of a `Time`."""
    offset = moment.utcoffset()
    if offset is None:
        raise TypeError("expected a datetime with a timezone, got one without")
    if offset % timedelta(minutes=1):
        raise TypeError(f"expected an offset of whole minutes from UTC, got {offset}")
    nanosecond = getattr(moment, "nanosecond", 0)
    text = moment.replace(tzinfo=None).isoformat(timespec="microseconds")
    text = f"{text}{nanosecond:03}".rstrip("0").rstrip(".") if nanosecond or moment.microsecond else text[:19]
    if not offset:
        return text + "Z"
    minutes = offset // timedelta(minutes=1)
    return f"{text}{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
