"""`loads`: from the bytes of one item to its value."""

import struct

from wardian_sdk import moment
from wardian_sdk.failures import Invalid

MOST_DEPTH = 64
_BREAK = 0xFF
_LEAST_INT = -(2**63)
_FLOATS = {25: (">e", 3), 26: (">f", 5), 27: (">d", 9)}
_SIMPLE = {20: False, 21: True, 22: None}


def loads(data):
    """The value of one item.

    Raises:
        Invalid: the bytes are not one item that keeps to the rules.
    """
    try:
        value, at = _item(data, 0, 0)
    except IndexError:
        raise Invalid("the item ends early") from None
    if at != len(data):
        raise Invalid("the item ends early" if at > len(data) else "bytes follow the item")
    return value


def _head(data, at):
    """Argument, or None for an indefinite length, and where the head ends."""
    info = data[at] & 31
    if info < 24:
        return info, at + 1
    if info < 28:
        end = at + 1 + (1 << (info - 24))
        if end > len(data):
            raise Invalid("the item ends early")
        return int.from_bytes(data[at + 1 : end], "big"), end
    if info == 31:
        return None, at + 1
    raise Invalid("a head that is not defined")


def _item(data, at, depth):  # noqa: PLR0911 - one for each type
    head = data[at]
    major = head >> 5
    if major == 7:
        return _simple(data, at)
    if head & 31 < 24:
        argument, at = head & 31, at + 1
    else:
        argument, at = _head(data, at)
    if argument is None and major in (0, 1, 6):
        raise Invalid("an indefinite length where none can be")
    if major == 3:
        return _text(data, at, argument)
    if major == 0:
        return argument, at
    if major == 5:
        return _map(data, at, argument, depth + 1)
    if major == 4:
        return _list(data, at, argument, depth + 1)
    if major == 2:
        return _bytes(data, at, argument)
    if major == 1:
        if argument >= 2**63:
            raise Invalid("an integer below -2^63")
        return -1 - argument, at
    return _tagged(data, at, argument, depth)


def _simple(data, at):
    info = data[at] & 31
    if info in _SIMPLE:
        return _SIMPLE[info], at + 1
    if info in _FLOATS:
        form, size = _FLOATS[info]
        if at + size > len(data):
            raise Invalid("the item ends early")
        return struct.unpack_from(form, data, at + 1)[0], at + size
    raise Invalid("a break out of place" if info == 31 else "a simple value that is not allowed")


def _piece(data, at, size):
    end = at + size
    if end > len(data):
        raise Invalid("the item ends early")
    return data[at:end], end


def _chunks(data, at, major):
    chunks = []
    while data[at] != _BREAK:
        if data[at] >> 5 != major:
            raise Invalid("a chunk of another type")
        size, at = _head(data, at)
        if size is None:
            raise Invalid("a chunk of indefinite length")
        chunk, at = _piece(data, at, size)
        chunks.append(chunk)
    return chunks, at + 1


def _bytes(data, at, size):
    if size is not None:
        return _piece(data, at, size)
    chunks, at = _chunks(data, at, 2)
    return b"".join(chunks), at


def _text(data, at, size):
    try:
        if size is not None:
            piece, at = _piece(data, at, size)
            return piece.decode(), at
        chunks, at = _chunks(data, at, 3)
        return "".join([chunk.decode() for chunk in chunks]), at
    except UnicodeDecodeError:
        raise Invalid("a text that is not UTF-8") from None


def _list(data, at, size, depth):
    _check(data, at, size, depth)
    items = []
    if size is None:
        while data[at] != _BREAK:
            value, at = _item(data, at, depth)
            items.append(value)
        return items, at + 1
    for _ in range(size):
        value, at = _item(data, at, depth)
        items.append(value)
    return items, at


def _map(data, at, size, depth):
    _check(data, at, size, depth)
    pairs, count = {}, 0
    while (data[at] != _BREAK) if size is None else (count < size):
        if data[at] >> 5 not in (2, 3):
            raise Invalid("a key that is neither text nor bytes")
        key, at = _item(data, at, depth)
        pairs[key], at = _item(data, at, depth)
        count += 1
        if len(pairs) != count:
            raise Invalid("a key that is there twice")
    return pairs, at + (size is None)


def _check(data, at, size, depth):
    if depth > MOST_DEPTH:
        raise Invalid(f"more than {MOST_DEPTH} levels within each other")
    if size is not None and size > len(data) - at:
        raise Invalid("the item ends early")


def _tagged(data, at, tag, depth):
    if tag > 3:
        raise Invalid(f"the tag {tag} is not allowed")
    if data[at] >> 5 in (4, 5, 6):
        raise Invalid(f"tag {tag} on content that it does not take")
    content, at = _item(data, at, depth)
    if tag == 0:
        return moment.from_text(content), at
    if tag == 1:
        return moment.from_seconds(content), at
    digits = content.lstrip(b"\0") if isinstance(content, bytes) else None
    if digits is None or len(digits) > 8:
        raise Invalid("tag 2 or 3 holds no integer of 64 bits")
    value = int.from_bytes(digits, "big")
    if tag == 3 and -1 - value < _LEAST_INT:
        raise Invalid("an integer below -2^63")
    return (value if tag == 2 else -1 - value), at
