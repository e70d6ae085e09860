"""A value in one line of a report: cut, without characters that a terminal or a log would obey."""

from __future__ import annotations

import json
from typing import Final

from wardian.sandbox.faults import printable

_LINE: Final = 200  # characters
_FEW: Final = 4  # items of a list or a map that are shown; of more, the first and how many there are
_DEEP: Final = 5
_TEXT: Final = 60  # characters of one text, bytes of one byte string


def shown(value: object, most: int = _LINE) -> str:
    """The value as JSON where that has a word for it, else in the diagnostic notation of CBOR."""
    return printable(_written(value, _DEEP), most)


def call(entry: str, request: object) -> str:
    """An entry point and what it was asked."""
    return f"{entry} {shown(request)}"


def _written(value: object, deep: int) -> str:
    if isinstance(value, dict):
        return _listed(
            "{}", [f"{_written(key, 0)}: {_deeper(held, deep)}" for key, held in _first(value.items())], value
        )
    if isinstance(value, (list, tuple)):
        return _listed("[]", [_deeper(each, deep) for each in _first(value)], value)
    if isinstance(value, str):
        return json.dumps(value[:_TEXT]) + (f"… ({len(value):,} characters)" if len(value) > _TEXT else "")
    if isinstance(value, bytes):
        return f"h'{value.hex()}'" if len(value) <= _TEXT else f"h'{value[:_TEXT].hex()}…' ({len(value):,} bytes)"
    names = {None: "null", True: "true", False: "false"}
    return names[value] if value is None or isinstance(value, bool) else str(value)


def _deeper(value: object, deep: int) -> str:
    if deep <= 0 and isinstance(value, (dict, list, tuple)) and value:
        return "{…}" if isinstance(value, dict) else "[…]"
    return _written(value, deep - 1)


def _first(items: object) -> list[tuple[object, object]]:
    return [each for each, _ in zip(items, range(_FEW), strict=False)]  # type: ignore[call-overload]


def _listed(around: str, parts: list[str], value: dict[object, object] | list[object] | tuple[object, ...]) -> str:
    more = [f"… {len(value):,} in all"] if len(value) > len(parts) else []
    return f"{around[0]}{', '.join(parts + more)}{around[1]}"
