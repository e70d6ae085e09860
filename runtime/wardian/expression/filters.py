"""The filters and tests of expressions: few, each of them cheap for what it is given."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from wardian.errors import ExpressionError
from wardian.expression.operators import holds, is_number, kind_of, too_much
from wardian.expression.written import json_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_FEW: Final = 64  # characters of a text that is to be a number, or of those to trim
_WORD: Final = re.compile(r"[^-\s({\[<]+")
_NOTHING: Final = object()


@dataclass(frozen=True, slots=True)
class Missing:
    """What a name stands for that is not defined: why, the name, and the names that there are."""

    why: str
    name: object
    names: Mapping[Any, object]


def _default(value: object, other: object = "", boolean: object = False) -> object:  # noqa: FBT002 - as Jinja has it
    return other if isinstance(value, Missing) or (boolean and not value) else value


def _upper(value: object) -> str:
    return _text(value).upper()


def _lower(value: object) -> str:
    return _text(value).lower()


def _title(value: object) -> str:
    return _WORD.sub(lambda word: word[0][0].upper() + word[0][1:].lower(), _text(value))


def _capitalize(value: object) -> str:
    return _text(value).capitalize()


def _trim(value: object, characters: str | None = None) -> str:
    if characters is not None and len(characters) > _FEW:  # each character of the text may be compared with all
        raise too_much()
    return _text(value).strip(characters)


def _length(value: Any) -> int:  # noqa: ANN401 - plain data
    if not isinstance(value, (str, bytes, list, dict)):
        raise ExpressionError("invalid", f"{kind_of(value)} has no length")
    return len(value)


def _join(value: object, between: object = "", *, most: int) -> str:
    if not isinstance(value, list):
        raise ExpressionError("invalid", f"only a list can be joined, not {kind_of(value)}")
    gap = _text(between)
    pieces = [text_of(each) for each in value]
    if sum(map(len, pieces)) + len(gap) * len(pieces) > most:
        raise too_much()
    return gap.join(pieces)


def _replace(value: object, old: object, new: object, count: int = -1, *, most: int) -> str:
    text, gone, put = _text(value), _text(old), _text(new)
    found = text.count(gone) if count < 0 else min(count, text.count(gone))
    if len(text) + found * max(0, len(put) - len(gone)) > most:
        raise too_much()
    return text.replace(gone, put, found)


def _int(value: Any, default: object = _NOTHING) -> object:  # noqa: ANN401
    return _number(int, value, default)


def _float(value: Any, default: object = _NOTHING) -> object:  # noqa: ANN401
    return _number(float, value, default)


def _number(make: Callable[[Any], object], value: Any, default: object) -> object:  # noqa: ANN401
    if isinstance(value, (int, float)) or (isinstance(value, str) and len(value) <= _FEW):
        try:
            return make(value)
        except (ValueError, OverflowError):
            if make is int and isinstance(value, str) and (whole := _number(float, value, None)) is not None:
                return _number(int, whole, default)
    if default is _NOTHING:
        raise ExpressionError("invalid", f"{kind_of(value)} is no number", hint="give a default, such as `int(0)`")
    return default


def _round(value: Any, precision: int = 0) -> object:  # noqa: ANN401
    if not is_number(value) or not -20 <= precision <= 20:
        raise ExpressionError("invalid", "`round` takes a number, and how many digits to keep, at most 20")
    return round(float(value), precision)


def _abs(value: Any) -> object:  # noqa: ANN401
    if not is_number(value):
        raise ExpressionError("invalid", f"{kind_of(value)} has no sign")
    return abs(value)


def _first(value: Any) -> object:  # noqa: ANN401
    return _at(value, 0)


def _last(value: Any) -> object:  # noqa: ANN401
    return _at(value, -1)


def _at(value: Any, index: int) -> object:  # noqa: ANN401
    if not isinstance(value, (list, str)):
        raise ExpressionError("invalid", f"{kind_of(value)} has no first or last item")
    if not value:
        raise ExpressionError("invalid", "there is no first or last item: there are none")
    return value[index]


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ExpressionError("invalid", f"expected a text, got {kind_of(value)}", hint="`string` makes one")
    return value


def _divisible(value: Any, by: Any) -> bool:  # noqa: ANN401
    if not (is_number(value) and is_number(by) and by):
        raise ExpressionError("invalid", "`divisibleby` takes two numbers, the second of which is not 0")
    return bool(value % by == 0)


FILTERS: Final[dict[str, Callable[..., object]]] = {
    "abs": _abs, "capitalize": _capitalize, "count": _length, "d": _default, "default": _default, "first": _first,
    "float": _float, "int": _int, "join": _join, "last": _last, "length": _length, "lower": _lower,
    "replace": _replace, "round": _round, "string": text_of, "title": _title, "tojson": json_of, "trim": _trim,
    "upper": _upper,
}  # fmt: skip
TESTS: Final[dict[str, Callable[..., object]]] = {
    "boolean": lambda value: isinstance(value, bool),
    "defined": lambda value: not isinstance(value, Missing),
    "divisibleby": _divisible,
    "even": lambda value: _divisible(value, 2),
    "false": lambda value: value is False,
    "float": lambda value: isinstance(value, float),
    "in": lambda value, held: holds(held, value),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "mapping": lambda value: isinstance(value, dict),
    "none": lambda value: value is None,
    "number": is_number,
    "odd": lambda value: not _divisible(value, 2),
    "sequence": lambda value: isinstance(value, (list, str)),
    "string": lambda value: isinstance(value, str),
    "true": lambda value: value is True,
    "undefined": lambda value: isinstance(value, Missing),
}
