"""Durations as configuration writes them: `250ms`, `1m30s`."""

import re

_UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)")


def parse_ms(text):
    """The milliseconds of a text such as `250ms` or `1m30s`, at least one.

    Raises:
        ValueError: it is none; raised while a plugin is opened, that refuses its configuration.
    """
    parts = list(_PART.finditer(text)) if isinstance(text, str) else []
    if not parts or "".join(part[0] for part in parts) != text:
        raise ValueError(f"expected a duration such as 250ms or 1m30s, got {text!r}")
    total = round(sum(float(part[1]) * _UNITS[part[2]] for part in parts))
    if total < 1:
        raise ValueError(f"expected a duration of at least 1ms, got {text!r}")
    return total
