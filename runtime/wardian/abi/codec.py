"""CBOR that is bounded before it is built: the only module that imports cbor2.

The common small message pays for no more than one pass over its bytes, or over its values: only bytes that could be
more than plain numbers, text and containers are looked at head by head (`heads`), and only values of other than plain
types are copied (`plain`).
"""

from __future__ import annotations

import contextlib
import io
from typing import IO, Any, Final, cast

from cbor2 import CBORDecoder, CBOREncoder, dumps, loads

from wardian.abi.bounds import Bounds, CodecError, bad_cbor, too_deep, too_large
from wardian.abi.heads import nests_deeper, scan
from wardian.abi.plain import as_plain, count_plain
from wardian.abi.tags import MEANINGS

__all__ = ["Bounds", "CodecError", "decode", "encode"]

# Bytes that start something to be looked at: 64-bit negative numbers, tags, simple values, undefined. They may also be
# payload; then the look was for nothing.
_UNCOMMON: Final = bytes((0x3B, *range(0xC0, 0xDC), *range(0xE0, 0xF4), 0xF7, 0xF8))

# A small item is decoded as the first of a pair whose second is a string longer than any such item. Bytes left over
# would be read as the second: as they hold the start of the filler, which is no zero, they can never equal it.
_SMALL: Final = 512
_PAIR: Final = b"\x82"
_FILLER: Final = bytes(_SMALL)
_END: Final = b"\x59" + _SMALL.to_bytes(2, "big") + _FILLER

# How many bytes come before the content of a string, by its first byte; strings of other heads take the common way.
_STRINGS: Final = {
    **dict.fromkeys((*range(0x40, 0x58), *range(0x60, 0x78)), 1), 0x58: 2, 0x59: 3, 0x5A: 5, 0x78: 2, 0x79: 3, 0x7A: 5,
}  # fmt: skip
_HEADS: Final = tuple(bytes((0x40 + size,)) if size < 24 else bytes((0x58, size)) for size in range(256))

# So many items can be encoded and measured afterwards. More are measured as they are written, for one large text that
# stands in many places would take many times its memory.
_FEW: Final = 64


def decode(data: bytes | bytearray | memoryview, bounds: Bounds) -> object:
    """The value of exactly one item of the ABI, refused before it takes more memory than its bounds allow.

    Gives None, bool, int, float, str, bytes, list, dict with str or bytes keys, and timezone-aware datetime.

    Raises:
        CodecError: the only exception, whatever the bytes are.
    """
    if type(data) is not bytes:
        data = memoryview(data)
        if data.nbytes > bounds.size:
            raise too_large(bounds, data.nbytes)
        data = bytes(data)
    size = len(data)
    if size > bounds.size:
        raise too_large(bounds, size)
    if size and (head := data[0]) in _STRINGS:
        # A string alone needs no decoder; what is not as it should be is told by the way of all others.
        start = _STRINGS[head]
        if size == start + (int.from_bytes(data[1:start], "big") if start > 1 else head & 0x1F) and bounds.items:
            if head < 0x60:
                return data[start:]
            with contextlib.suppress(UnicodeDecodeError):
                return data[start:].decode()
    tagged = False
    try:
        # An item has at most as many heads as bytes, so a short one needs no counting.
        if size > bounds.items or data.translate(None, _UNCOMMON) != data:
            tagged = scan(data, bounds)
        if size < _SMALL and not tagged:
            value, end = loads(
                _PAIR + data + _END,
                max_depth=bounds.depth,  # of which the pair takes one, see `_decode_alone`
                allow_duplicate_keys=False,
                strict_hashable_types=True,
            )
            if type(end) is bytes and end == _FILLER:
                return value
        return _decode_alone(data, bounds.depth - 1, tagged=tagged)
    except CodecError:
        raise
    except Exception:  # noqa: BLE001 - whatever cbor2 raises for hostile bytes, now or later, is one error here
        return _decode_slowly(data, bounds, tagged=tagged)


def encode(value: object, bounds: Bounds) -> bytes:
    """The bytes of one value: None, bool, int, float, str, bytes, list, tuple, dict with str or bytes keys, datetime.

    Depth, items and types are checked before anything is encoded. Maps keep the order of their keys, numbers take
    their shortest head, floats 64 bits, every NaN is the same: equal values of equal order give equal bytes.
    Subclasses of these types, bytearray and memoryview are copied into them first.

    Raises:
        CodecError: with the path of what cannot be encoded, such as `$.users[3].name`.
    """
    if type(value) is bytes and bounds.items:
        size = len(value)
        if size + 5 <= bounds.size:  # the longest head that there can be
            return (_HEADS[size] if size < 256 else _head(size)) + value
    items = count_plain(value, bounds)
    try:
        if items < 0:
            value, items = as_plain(value, bounds)
        encoded = dumps(value) if items <= _FEW else _dump_within(value, bounds)
    except UnicodeEncodeError as error:
        as_plain(value, bounds)  # says where
        raise bad_cbor("text holds half of a surrogate pair") from error
    if len(encoded) > bounds.size:
        raise too_large(bounds, len(encoded))
    return encoded


def _head(size: int) -> bytes:
    """The head of a byte string of 256 bytes or more."""
    return b"\x59" + size.to_bytes(2, "big") if size < 65_536 else b"\x5a" + size.to_bytes(4, "big")


def _decode_alone(data: bytes, depth: int, *, tagged: bool) -> object:
    """Decode what fills its bytes; the depth is cbor2's, which counts tags too, but no container that is empty.

    So an item that passes with one level less than allowed is never too deep; others are counted head by head.
    """
    stream = io.BytesIO(data)
    value: object = CBORDecoder(
        stream,
        max_depth=depth,
        allow_duplicate_keys=False,
        strict_hashable_types=True,
        semantic_decoders=MEANINGS if tagged else None,
    ).decode()
    if stream.tell() != len(data):
        raise bad_cbor("bytes follow the item")
    return value


def _decode_slowly(data: bytes, bounds: Bounds, *, tagged: bool) -> object:
    """Decode what is wrong, or nests as deep as it may: with its depth counted first, and every error named."""
    if not data:
        raise bad_cbor("there is no item, but nothing at all")
    if nests_deeper(data, bounds.depth):
        raise too_deep(bounds)
    try:
        return _decode_alone(data, bounds.depth + 1, tagged=tagged)
    except CodecError:
        raise
    except Exception as error:
        if isinstance(error.__cause__, CodecError):  # from one of `MEANINGS`
            raise error.__cause__ from None
        raise bad_cbor(f"this is no CBOR item of the ABI: {str(error)[:200]}") from error


class _Within(io.RawIOBase):
    """Takes what an encoder writes, up to the size allowed."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:  # noqa: ANN401 - `Buffer` has no name before Python 3.12
        self.written += piece
        if len(self.written) > self.bounds.size:
            raise too_large(self.bounds, None)
        return len(piece)


def _dump_within(value: object, bounds: Bounds) -> bytes:
    stream = _Within(bounds)
    CBOREncoder(cast("IO[bytes]", stream)).encode(value)
    return bytes(stream.written)
