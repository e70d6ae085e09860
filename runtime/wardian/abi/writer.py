"""Plain values written as CBOR, and checked as they are written: types, depth, items and bytes, in one pass.

cbor2 has no limit of depth, and overflows the C stack at some; it also writes more than the ABI knows. So it would need
a pass over the value before. Both together take 1.7 times as long as this does for small messages and records, and
0.8 times for long lists of texts. Nothing here takes more than two frames of Python a level, of which there are 64.
"""

from __future__ import annotations

from datetime import datetime
from struct import Struct
from typing import TYPE_CHECKING, Any, Final

from cbor2 import dumps

from wardian.abi.bounds import LEAST_INT, MOST_INT, too_large
from wardian.abi.tags import flaw_of_moment

if TYPE_CHECKING:
    from collections.abc import Callable

    from wardian.abi.bounds import Bounds

    _Add = Callable[[bytes], None]

_SHORT: Final = 24  # what is shorter has its length within its head
_NEGATIVE, BYTES, _TEXT, ARRAY, _MAP = (major << 5 for major in range(1, 6))  # the upper bits of a head
_PACKS: Final = tuple(Struct(form).pack for form in (">BB", ">BH", ">BI", ">BQ"))


def head_of(major: int, argument: int) -> bytes:
    """The shortest head with an argument; the major type is in its upper three bits."""
    if argument < _SHORT:
        return bytes((major | argument,))
    width = (argument > 0xFF) + (argument > 0xFFFF) + (argument > 0xFFFFFFFF)
    return _PACKS[width](major + _SHORT + width, argument)


# What is common.
_TEXTS, _ARRAYS, _MAPS = (tuple(head_of(major, size) for size in range(_SHORT)) for major in (_TEXT, ARRAY, _MAP))
_NUMBERS: Final = tuple(head_of(0, number) for number in range(256))
_NUMBERED: Final = len(_NUMBERS)
_SIMPLE: Final = {False: b"\xf4", True: b"\xf5", None: b"\xf6"}
_FLOAT: Final = Struct(">Bd").pack
_NOT_FINITE: Final = {"inf": b"\xf9\x7c\x00", "-inf": b"\xf9\xfc\x00", "nan": b"\xf9\x7e\x00"}

# Short keys as they are written: the same few come again and again.
_keys: Final[dict[str, bytes]] = {}
_MOST_KEYS: Final = 1000


class NotPlainError(Exception):
    """The value is not plain, or not within its bounds; `plain` knows more."""


class _Left:
    """What may still follow: so many items, and so many bytes of long strings."""

    __slots__ = ("bounds", "items", "room")

    def __init__(self, bounds: Bounds) -> None:
        self.bounds, self.items, self.room = bounds, bounds.items - 1, bounds.size


def written(value: object, bounds: Bounds) -> bytes:
    """The bytes of a value of exactly None, bool, float, str, bytes, int of 64 bits, list, tuple, dict; and datetimes.

    Raises:
        NotPlainError: it holds something else, or is deeper or has more items than its bounds allow.
        CodecError: it has more bytes.
        UnicodeEncodeError: a text holds half of a surrogate pair.
    """
    pieces: list[bytes] = []
    left = _Left(bounds)
    if type(value) is dict:
        _write_map(value, bounds.depth, left, pieces.append)
    else:
        _write(value, bounds.depth, left, pieces.append)
    if left.items < 0:
        raise NotPlainError
    return b"".join(pieces)


def _write_map(value: dict[Any, Any], depth: int, left: _Left, add: _Add) -> None:
    size = len(value)
    left.items -= 2 * size
    if not depth or left.items < 0:
        raise NotPlainError
    add(_MAPS[size] if size < _SHORT else head_of(_MAP, size))
    for key, held in value.items():
        if (known := _keys.get(key)) is not None:
            add(known)
        else:
            _write_key(key, left, add)
        # As in `_write_array`: a function for the common kinds would take as long as what it does.
        if (kind := type(held)) is str:
            text = held.encode()
            if (size := len(text)) < _SHORT:
                add(_TEXTS[size])
                add(text)
            else:
                _write_string(_TEXT, text, left, add)
        elif kind is int:
            add(_NUMBERS[held] if 0 <= held < _NUMBERED else _number(held))
        elif kind is bool or held is None:
            add(_SIMPLE[held])
        elif kind is float and held - held == 0.0:
            add(_FLOAT(0xFB, held))
        elif kind is list:
            _write_array(held, depth - 1, left, add)
        else:
            _write(held, depth - 1, left, add)


def _write_array(value: list[Any] | tuple[Any, ...], depth: int, left: _Left, add: _Add) -> None:
    value = tuple(value)  # so that it is as long as its head says, whatever another thread does
    size = len(value)
    left.items -= size
    if not depth or left.items < 0:
        raise NotPlainError
    add(_ARRAYS[size] if size < _SHORT else head_of(ARRAY, size))
    for held in value:
        if (kind := type(held)) is str:
            text = held.encode()
            if (size := len(text)) < _SHORT:
                add(_TEXTS[size])
                add(text)
            else:
                _write_string(_TEXT, text, left, add)
        elif kind is int:
            add(_NUMBERS[held] if 0 <= held < _NUMBERED else _number(held))
        elif kind is dict:
            _write_map(held, depth - 1, left, add)
        elif kind is float and held - held == 0.0:
            add(_FLOAT(0xFB, held))
        else:
            _write(held, depth - 1, left, add)


def _write(value: Any, depth: int, left: _Left, add: _Add) -> None:  # noqa: ANN401
    """Write a value of any kind, which may have so many levels."""
    kind = type(value)
    if kind is int:
        add(_number(value))
    elif kind is dict:
        _write_map(value, depth, left, add)
    elif kind is list or kind is tuple:
        _write_array(value, depth, left, add)
    elif kind is bool or value is None:
        add(_SIMPLE[value])
    elif kind is bytes:
        _write_string(BYTES, value, left, add)
    elif kind is str:
        _write_string(_TEXT, value.encode(), left, add)
    elif kind is float:
        add(_NOT_FINITE.get(repr(value)) or _FLOAT(0xFB, value))
    elif isinstance(value, datetime) and not flaw_of_moment(value):
        left.items -= 1  # its tag and its text
        add(dumps(value))
    else:
        raise NotPlainError


def _number(value: int) -> bytes:
    if 0 <= value <= MOST_INT:
        return head_of(0, value)
    if value < LEAST_INT or value > 0:
        raise NotPlainError
    return head_of(_NEGATIVE, -1 - value)


def _write_key(key: object, left: _Left, add: _Add) -> None:
    if type(key) is str:
        text = key.encode()
        _write_string(_TEXT, text, left, add)
        if len(text) < _SHORT:
            if len(_keys) >= _MOST_KEYS:
                _keys.clear()
            _keys[key] = _TEXTS[len(text)] + text
    elif type(key) is bytes:
        _write_string(BYTES, key, left, add)
    else:
        raise NotPlainError


def _write_string(major: int, content: bytes, left: _Left, add: _Add) -> None:
    # One large text that stands in many places would take many times its memory before the whole is measured.
    if left.room < 0:
        raise too_large(left.bounds, None)
    size = len(content)
    left.room -= size
    add(head_of(major, size))
    add(content)
