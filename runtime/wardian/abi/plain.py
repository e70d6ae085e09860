"""Values that are not plain, copied into plain ones; or, where that cannot be, the path of the fault.

Nothing here recurses, however deep a value is.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from wardian.abi.bounds import LEAST_INT, MOST_INT, Bounds, CodecError, bad_cbor, too_deep, too_many_items
from wardian.abi.tags import flaw_of_moment

_SCALARS: Final = frozenset({str, bool, type(None), float, bytes})
_LONGEST_PATH: Final = 200

# Where a value stands: the trail of what holds it, and its key or index there.
_Trail = tuple["_Trail", object] | None


def as_plain(value: object, bounds: Bounds) -> object:
    """A copy in plain types; the first fault, level by level, is raised.

    Raises:
        CodecError: with the path of the fault.
    """
    copy = _Copy(bounds)
    plain = copy.of(value, 0, None)
    # The list grows while it is read.
    for given, made, depth, trail in copy.todo:
        if isinstance(made, dict):
            for key, held in given.items():
                made[_plain_key(key, trail)] = copy.of(held, depth, (trail, key))
        else:
            made.extend(copy.of(held, depth, (trail, index)) for index, held in enumerate(given))
    return plain


def count_plain(value: Any, bounds: Bounds) -> int:  # noqa: ANN401, C901, PLR0911, PLR0912 - one loop: calls cost more
    """How many data items the value has if all is plain and within bounds, else -1.

    Plain are exactly None, bool, float, str, bytes, int of 64 bits, list, tuple and dict with str keys. Texts are not
    looked into.
    """
    scalars, most = _SCALARS, bounds.items
    kind = type(value)
    if kind in scalars or (kind is int and LEAST_INT <= value <= MOST_INT):
        return 1 if most else -1
    items, left, level = 1, bounds.depth, [value]
    while level:
        left -= 1
        if left < 0:
            return -1
        below: list[Any] = []
        for one in level:
            if (kind := type(one)) is dict:
                items += 2 * len(one)
                if items > most:
                    return -1
                for key, held in one.items():
                    if type(key) is not str:
                        return -1
                    if (kind := type(held)) is str:
                        continue
                    if kind is int:
                        if not LEAST_INT <= held <= MOST_INT:
                            return -1
                    elif kind not in scalars:
                        below.append(held)
            elif kind is list or kind is tuple:
                items += len(one)
                if items > most:
                    return -1
                for held in one:
                    if (kind := type(held)) is str:
                        continue
                    if kind is int:
                        if not LEAST_INT <= held <= MOST_INT:
                            return -1
                    elif kind not in scalars:
                        below.append(held)
            else:
                return -1
        level = below
    return items


class _Copy:
    """One copying: what it has counted, and the containers whose contents are not copied yet."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.items = 0
        self.todo: list[tuple[Any, dict[object, object] | list[object], int, _Trail]] = []

    def of(self, given: object, depth: int, trail: _Trail) -> object:
        """The plain scalar for the value, or an empty container to be filled later."""
        self.items += 1
        made: object
        if isinstance(given, dict):
            self.items += len(given)
            made = {}
        elif isinstance(given, (list, tuple)):
            made = []
        elif isinstance(given, datetime):
            self.items += 1
            made = given
        else:
            made = _plain_scalar(given, trail)
        if self.items > self.bounds.items:
            raise too_many_items(self.bounds)
        if isinstance(made, (dict, list)) and depth == self.bounds.depth:
            raise too_deep(self.bounds, _path(trail))
        if isinstance(made, datetime):
            flaw = flaw_of_moment(made)
            if flaw:
                raise _fault(trail, flaw)
        elif isinstance(made, (dict, list)):
            self.todo.append((given, made, depth + 1, trail))
        return made


def _plain_scalar(given: object, trail: _Trail) -> object:
    if given is None or isinstance(given, bool):
        return given
    if isinstance(given, str):
        return _plain_text(given, trail)
    if isinstance(given, int):
        if not LEAST_INT <= given <= MOST_INT:
            raise _fault(trail, "expected an integer of -2^63 to 2^64-1, got one outside")
        return int.__index__(given)
    if isinstance(given, float):
        return float.__float__(given)
    if isinstance(given, (bytes, bytearray, memoryview)):
        return bytes(given)
    expected = "expected None, a bool, number, text, bytes, list, tuple, dict or datetime"
    raise _fault(trail, f"{expected}, got {_name_of_type(given)}")


def _plain_text(given: str, trail: _Trail) -> str:
    try:
        given.encode()
    except UnicodeEncodeError as error:
        raise _fault(trail, f"the text holds half of a surrogate pair, at {error.start}") from None
    return str.__str__(given)


def _plain_key(key: object, trail: _Trail) -> object:
    if isinstance(key, str):
        return _plain_text(key, trail)
    if isinstance(key, bytes):
        return bytes(key)
    raise _fault(trail, f"expected keys of text or bytes, got {_name_of_type(key)}")


def _name_of_type(value: object) -> str:
    kind = type(value)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _fault(trail: _Trail, message: str) -> CodecError:
    return bad_cbor(f"{_path(trail)}: {message}")


def _path(trail: _Trail) -> str:
    steps: list[str] = []
    while trail is not None:
        trail, key = trail
        if isinstance(key, str) and key.isidentifier():
            steps.append(f".{key}")
        else:
            steps.append(f"[{key!r}]")
    path = "$" + "".join(reversed(steps))
    return path if len(path) <= _LONGEST_PATH else f"{path[:_LONGEST_PATH]}…"
