"""What an unquoted word of YAML means: the core schema of YAML 1.2, and nothing of what older versions guessed."""

from __future__ import annotations

import re
from typing import Final

LEAST, MOST = -(2**63), 2**64 - 1  # integers that can be given to a plugin

_NULL: Final = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLS: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT: Final = re.compile(r"[-+]?(0|[1-9][0-9]*)|0o[0-7]+|0x[0-9A-Fa-f]+")
_FLOAT: Final = re.compile(r"[-+]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
_SPECIAL: Final = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


class TooLarge(ValueError):  # noqa: N818 - what is wrong with it
    """An integer has more than 64 bits."""


def meaning(text: str) -> bool | int | float | str | None:
    """The value: null, a boolean, a number, or the text itself for everything else (`on`, `017`, `12:30:45`, dates).

    Raises:
        TooLarge: it is an integer, and too large a one.
    """
    if text in _NULL:
        return None
    if text in _BOOLS:
        return _BOOLS[text]
    if _INT.fullmatch(text):
        # The longest that may be given to a plugin has 20 digits; with thousands, `int` itself would refuse.
        number = int(text, 0) if len(text) <= 70 else MOST + 1
        if not LEAST <= number <= MOST:
            raise TooLarge(text)
        return number
    if _FLOAT.fullmatch(text):
        return float(text)
    if _SPECIAL.fullmatch(text):
        return float(text.replace(".", "").lower())
    return text
