"""`dumps`: from a value to the bytes of one item."""

import struct
from datetime import datetime

from wardian_sdk import moment
from wardian_sdk.reading import MOST_DEPTH


def dumps(value):
    """The bytes of one item.

    Takes what `loads` gives, and besides tuples and other iterables as lists, dataclasses as maps of their fields,
    and every `datetime` that has a timezone.

    Raises:
        TypeError: it holds what no item can carry; the text says what.
    """
    parts = []
    _write(value, parts.append, 0)
    return b"".join(parts)


def _head(major, value):
    if value < 24:
        return bytes((major | value,))
    if value < 0x100:
        return bytes((major | 24, value))
    if value < 0x10000:
        return struct.pack(">BH", major | 25, value)
    if value < 0x100000000:
        return struct.pack(">BI", major | 26, value)
    return struct.pack(">BQ", major | 27, value)


def _write(value, put, depth):
    writer = _WRITERS.get(type(value))
    if writer is None:
        writer = _by_ancestor(value)
    writer(value, put, depth)


def _int(value, put, _depth):
    if 0 <= value < 2**64:
        put(_head(0, value))
    elif -(2**63) <= value < 0:
        put(_head(0x20, -1 - value))
    else:
        raise TypeError(f"expected an integer of 64 bits, got {value}")


def _text(value, put, _depth):
    try:
        data = value.encode()
    except UnicodeEncodeError:
        raise TypeError("expected text that UTF-8 can carry, got one with surrogates") from None
    put(_head(0x60, len(data)))
    put(data)


def _bytes(value, put, _depth):
    put(_head(0x40, len(value)))
    put(bytes(value))


def _constant(data):
    return lambda _value, put, _depth: put(data)


def _bool(value, put, _depth):
    put(b"\xf5" if value else b"\xf4")


def _float(value, put, _depth):
    put(struct.pack(">Bd", 0xFB, value))


def _deeper(depth):
    if depth >= MOST_DEPTH:
        raise TypeError(f"expected at most {MOST_DEPTH} levels within each other")
    return depth + 1


def _list(value, put, depth):
    depth = _deeper(depth)
    put(_head(0x80, len(value)))
    for each in value:
        _write(each, put, depth)


def _map(value, put, depth):
    depth = _deeper(depth)
    put(_head(0xA0, len(value)))
    for key, each in value.items():
        if isinstance(key, str):
            _text(key, put, depth)
        elif isinstance(key, bytes):
            _bytes(key, put, depth)
        else:
            raise TypeError(f"expected a text or bytes as key of a map, got {type(key).__name__}")
        _write(each, put, depth)


def _time(value, put, depth):
    put(b"\xc0")
    _text(moment.to_text(value), put, depth)


def _fields(value, put, depth):
    _map({name: getattr(value, name) for name in type(value).__dataclass_fields__}, put, depth)


def _iterated(value, put, depth):
    _list(list(value), put, depth)


_WRITERS = {
    str: _text, int: _int, dict: _map, list: _list, tuple: _list, type(None): _constant(b"\xf6"), bool: _bool,
    float: _float, bytes: _bytes, bytearray: _bytes, moment.Time: _time, datetime: _time,
}  # fmt: skip


def _by_ancestor(value):
    """The writer for a value of another type: a subclass, a dataclass, or what can be iterated over."""
    for kind, writer in _WRITERS.items():
        if isinstance(value, kind):
            return writer
    if hasattr(type(value), "__dataclass_fields__"):
        return _fields
    if isinstance(value, memoryview):
        return _bytes
    if hasattr(type(value), "__iter__"):
        return _iterated
    raise TypeError(f"expected what an item can carry, got {type(value).__name__}")
