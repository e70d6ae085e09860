"""Plain data as JSON: strict when read, complete when written.

What JSON has no word for is text: bytes as `h'0102'` (the diagnostic notation of RFC 8949), floats that are no numbers
as `NaN`, `Infinity` and `-Infinity`, points in time as ISO 8601. It stays text when read.
"""

from __future__ import annotations

import json
import math
import re
from datetime import datetime
from typing import Any, Final, NoReturn

# Characters that a terminal may obey, or that no font shows; ASCII's own are escaped by JSON itself.
_BEYOND: Final = re.compile("[\x7f-\U0010ffff]")
# What opens or closes a level. A text is passed over whole, to the end where it has none: each character is seen once.
_BRACKETS: Final = re.compile(r'"(?>(?:[^"\\]++|\\.)*)"?|[\[\]{}]', re.DOTALL)
_DEPTH: Final = 500  # Python's own parser has no bound from 3.12 on that a thread's stack of 256 KiB would bear


def read(text: str) -> Any:  # noqa: ANN401
    """The value of one JSON text, as RFC 8259 has it: no `NaN`, no key twice, a bounded depth.

    Raises:
        ValueError: it is none; a `json.JSONDecodeError` where the place in the text is known.
    """
    _require_shallow(text)
    return json.loads(text, parse_constant=_no_constant, object_pairs_hook=_object)


def write(value: object, *, indent: int | None = None) -> str:
    """The value as JSON: in one line, or indented by so many spaces for a person. Safe to print."""
    text = json.dumps(_plain(value), indent=indent, ensure_ascii=False)
    return text if text.isascii() and "\x7f" not in text else _BEYOND.sub(_escape, text)


def _require_shallow(text: str) -> None:
    """Refuse what nests too deep, before a parser that recurses on the C stack sees it."""
    depth = 0
    for found in _BRACKETS.finditer(text):
        sign = found[0]
        if sign in ("[", "{"):
            depth += 1
            if depth > _DEPTH:
                raise ValueError(f"it is nested too deep, in more than {_DEPTH} levels")
        elif sign in ("]", "}"):
            depth -= 1


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        made: dict[str, Any] = {}
        for key, held in value.items():
            name = key if isinstance(key, str) else _notation(key)
            while name in made:  # bytes, and a text that looks like them: both are kept
                name += " "
            made[name] = _plain(held)
        return made
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, bytes):
        return _notation(value)
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value


def _notation(value: bytes) -> str:
    return f"h'{value.hex()}'"


def _escape(found: re.Match[str]) -> str:
    char = found[0]
    return char if char.isprintable() else json.dumps(char)[1:-1] if char != "\x7f" else "\\u007f"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"the key {json.dumps(twice)} stands twice in one object")
    return made


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"`{name}` is not in JSON")
