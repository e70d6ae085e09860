"""Sizes and durations as people write them: `16MiB`, `250ms`, `1m30s`."""

from __future__ import annotations

import math
import re
from typing import Final

_SIZE: Final = {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}
_SECONDS: Final = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_MOST_SECONDS: Final = 1e18  # what is larger, or no number, means nothing
_SIZE_TEXT: Final = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*")
_DURATION_PART: Final = re.compile(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d)")


def parse_size(given: object) -> int:
    """Bytes, from a whole number of bytes or a text such as `64KiB`, `16MiB`, `1GB`.

    Raises:
        ValueError: for anything else; the text says what is right.
    """
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    if isinstance(given, str) and (match := _SIZE_TEXT.fullmatch(given)) and match[2].lower() in _SIZE:
        size = float(match[1]) * _SIZE[match[2].lower()]
        if size.is_integer():
            return int(size)
    raise ValueError(f"expected a size such as `64KiB`, `16MiB` or a number of bytes, got {given!r}")


def parse_duration(given: object) -> float:
    """Seconds, from a number of seconds or a text such as `250ms`, `2s`, `1m30s`.

    Raises:
        ValueError: for anything else; the text says what is right.
    """
    if isinstance(given, (int, float)) and not isinstance(given, bool) and abs(given) < _MOST_SECONDS:
        return float(given)
    if isinstance(given, str):
        text = given.strip()
        parts = list(_DURATION_PART.finditer(text))
        if parts and "".join(part[0] for part in parts) == text:
            return math.fsum(float(part[1]) * _SECONDS[part[2]] for part in parts)
    raise ValueError(f"expected a duration such as `250ms`, `2s`, `1m30s` or a number of seconds, got {given!r}")


def format_size(size: float) -> str:
    """The shortest exact text for so many bytes, such as `64MiB` or `1500B`."""
    whole = int(size)
    for unit, factor in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if whole and whole % factor == 0:
            return f"{whole // factor}{unit}"
    return f"{whole}B"


def format_duration(seconds: float) -> str:
    """A short text for so many seconds, such as `250ms`, `1.5s` or `2d12h`."""
    if seconds >= 86_400 and seconds % 3_600 == 0:
        days, hours = divmod(int(seconds) // 3_600, 24)
        return f"{days}d{f'{hours}h' if hours else ''}"
    for unit, factor in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= factor:
            return f"{seconds / factor:.6g}{unit}"
    return f"{seconds / 1e-9:.6g}ns"
