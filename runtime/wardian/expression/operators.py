"""What operators do with plain data, none of which gives more than there is room for."""

from __future__ import annotations

import math
import operator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from wardian.errors import ExpressionError

if TYPE_CHECKING:
    from collections.abc import Callable

_LEAST_INT: Final = -(2**63)
_MOST_INT: Final = 2**64 - 1

# By the names of Jinja's nodes.
_NUMERIC: Final[dict[str, tuple[str, Callable[[Any, Any], Any]]]] = {
    "Add": ("+", operator.add),
    "Sub": ("-", operator.sub),
    "Mul": ("*", operator.mul),
    "Div": ("/", operator.truediv),
    "FloorDiv": ("//", operator.floordiv),
    "Mod": ("%", operator.mod),
    "Pow": ("**", operator.pow),
}
ARITHMETIC: Final = frozenset(_NUMERIC)
_ORDER: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "lt": operator.lt,
    "lteq": operator.le,
    "gt": operator.gt,
    "gteq": operator.ge,
}
_KINDS: Final = {
    type(None): "null", bool: "a truth value", int: "a number", float: "a number", str: "a text", bytes: "bytes",
    list: "a list", dict: "a map", datetime: "a point in time",
}  # fmt: skip


def combine(kind: str, left: Any, right: Any, room: int) -> object:  # noqa: ANN401 - plain data
    """The result of an arithmetic operator; texts and lists can be put together with `+`, and nothing else.

    Raises:
        ExpressionError: the two do not go together, or the result is too large.
    """
    symbol, function = _NUMERIC[kind]
    if is_number(left) and is_number(right):
        return fitting(_calculated(symbol, function, left, right))
    if kind == "Add" and type(left) is type(right) and isinstance(left, (str, list)):
        if len(left) + len(right) > room:
            raise too_much()
        return left + right
    raise ExpressionError("invalid", f"`{symbol}` does not go with {kind_of(left)} and {kind_of(right)}")


def _calculated(symbol: str, function: Callable[[Any, Any], Any], left: Any, right: Any) -> object:  # noqa: ANN401
    if symbol == "**":
        if isinstance(left, int) and isinstance(right, int) and abs(left) > 1 and not -64 <= right <= 64:
            raise _beyond()  # seen before it is calculated
        if left < 0 and not float(right).is_integer():
            raise ExpressionError("invalid", "this power is no real number")
    try:
        return function(left, right)
    except ZeroDivisionError:
        raise ExpressionError("invalid", f"`{symbol}` divides by zero") from None
    except OverflowError:
        raise _beyond() from None


def sign(kind: str, value: Any) -> object:  # noqa: ANN401
    """The number with its sign changed or not.

    Raises:
        ExpressionError: it is no number.
    """
    if not is_number(value):
        raise ExpressionError("invalid", f"{kind_of(value)} has no sign")
    return fitting(-value if kind == "Neg" else value)


def compare(kind: str, left: Any, right: Any) -> bool:  # noqa: ANN401
    """Whether a comparison holds.

    Raises:
        ExpressionError: the two cannot be compared so.
    """
    if kind in {"eq", "ne"}:
        return bool(left == right) is (kind == "eq")
    if kind in {"in", "notin"}:
        return holds(right, left) is (kind == "in")
    if (is_number(left) and is_number(right)) or (type(left) is type(right) and isinstance(left, (str, datetime))):
        return _ORDER[kind](left, right)
    raise ExpressionError("invalid", f"{kind_of(left)} and {kind_of(right)} have no order")


def holds(held: Any, value: Any) -> bool:  # noqa: ANN401
    """Whether a text has this part, a list this item, or a map this key.

    Raises:
        ExpressionError: nothing can be in it.
    """
    if isinstance(held, str) and isinstance(value, str):
        return value in held
    if isinstance(held, list):
        return value in held
    if isinstance(held, dict):
        return isinstance(value, (str, bytes)) and value in held
    raise ExpressionError("invalid", f"{kind_of(value)} cannot be in {kind_of(held)}")


def is_number(value: object) -> bool:
    """Whether it can be calculated with; true and false cannot."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def fitting(value: object) -> object:
    """The value, if it is one that the ABI has; what is in a container has been seen already.

    Raises:
        ExpressionError: an integer has more than 64 bits, a float is not finite, a text is not Unicode.
    """
    if isinstance(value, int):
        if not _LEAST_INT <= value <= _MOST_INT:
            raise _beyond()
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise _beyond()
    elif isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise ExpressionError("invalid", "a text holds half of a surrogate pair") from None
    return value


def kind_of(value: object) -> str:
    """What a value is called in messages."""
    return _KINDS.get(type(value), "this")


def named(key: object) -> str:
    """A key or an index in a message, short and printable."""
    return ascii(key)[1:-1][:80] if isinstance(key, str) else ascii(key)[:80] if is_number(key) else kind_of(key)


def too_much() -> ExpressionError:
    """The error for what would be too large."""
    return ExpressionError("exhausted", "a text would become too long")


def _beyond() -> ExpressionError:
    return ExpressionError("invalid", "a number is beyond what 64 bits hold")
