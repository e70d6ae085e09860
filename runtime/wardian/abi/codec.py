"""CBOR that is bounded before it is built.

The common small message pays for no more than one pass over its bytes, or over its values: only bytes that could be
more than plain numbers, text and containers are looked at head by head (`heads`), and only values of other than plain
types are copied (`plain`) before they are written (`writer`).
"""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING, Final

from cbor2 import CBORDecoder, dumps, loads, undefined

from wardian.abi.bounds import Bounds, CodecError, bad_cbor, too_deep, too_large
from wardian.abi.heads import nests_deeper, past_common, scan
from wardian.abi.plain import as_plain
from wardian.abi.tags import MEANINGS
from wardian.abi.writer import ARRAY, BYTES, NotPlainError, head_of, written

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Bounds", "CodecError", "decode", "encode", "encode_deep", "list_of"]

# Bytes that start something to be looked at: 64-bit negative numbers, tags, simple values, undefined. They may also be
# payload; then the look was for nothing. Translated, they become another byte, and all else stays what it is.
_UNCOMMON: Final = frozenset((0x3B, *range(0xC0, 0xDC), *range(0xE0, 0xF4), 0xF7, 0xF8))
_COMMON: Final = bytes(0 if byte in _UNCOMMON else byte for byte in range(256))

# A small item is decoded as the first of a pair whose second is `undefined`: that takes 1 µs less than a decoder that
# is asked how far it came. Bytes left over would be read as the second, and none of the heads among them is
# `undefined`, for such bytes are looked at before.
_SMALL: Final = 4096
_PAIR: Final = b"\x82"
_END: Final = b"\xf7"

# How many bytes come before the content of a string, by its first byte; strings of other heads take the common way.
_STRINGS: Final = {
    **dict.fromkeys((*range(0x40, 0x58), *range(0x60, 0x78)), 1), 0x58: 2, 0x59: 3, 0x5A: 5, 0x78: 2, 0x79: 3, 0x7A: 5,
}  # fmt: skip
_HEADS: Final = tuple(head_of(BYTES, size) for size in range(24))


def decode(data: bytes | bytearray | memoryview, bounds: Bounds) -> object:  # noqa: C901 - calls cost more
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
        framed = _PAIR + data + _END if size < _SMALL else b""
        if size > bounds.items:
            tagged = scan(data, bounds)  # an item has at most as many heads as bytes: a shorter one needs no counting
        elif data.translate(_COMMON) != data:
            looked = past_common(framed, len(_PAIR)) - len(_PAIR) if framed else past_common(data, 0)
            tagged = looked < size and scan(data, bounds, looked)
        if framed and not tagged:
            value, end = loads(
                framed,
                max_depth=bounds.depth,  # of which the pair takes one, see `_decode_alone`
                allow_duplicate_keys=False,
                strict_hashable_types=True,
            )
            if end is undefined:
                return value
        return _decode_alone(data, bounds.depth - 1, tagged=tagged)
    except CodecError:
        raise
    except Exception:  # noqa: BLE001 - whatever cbor2 raises for hostile bytes, now or later, is one error here
        return _decode_slowly(data, bounds, tagged=tagged)


def encode(value: object, bounds: Bounds) -> bytes:
    """The bytes of one value: None, bool, int, float, str, bytes, list, tuple, dict with str or bytes keys, datetime.

    Depth, items and types are checked as it is written. Maps keep the order of their keys, numbers take
    their shortest head, floats 64 bits, every NaN is the same: equal values of equal order give equal bytes.
    Subclasses of these types, bytearray and memoryview are copied into them first.

    Raises:
        CodecError: with the path of what cannot be encoded, such as `$.users[3].name`.
    """
    if type(value) is bytes and bounds.items:
        size = len(value)
        if size + 5 <= bounds.size:  # the longest head that there can be
            return (_HEADS[size] if size < 24 else head_of(BYTES, size)) + value
    try:
        encoded = written(value, bounds)
    except (NotPlainError, UnicodeEncodeError):
        encoded = b""  # out of the handler, so that what `as_plain` raises stands alone
    if not encoded:
        encoded = written(as_plain(value, bounds), bounds)
    if len(encoded) > bounds.size:
        raise too_large(bounds, len(encoded))
    return encoded


def encode_deep(value: object, bounds: Bounds) -> bytes:
    """The same for values of the host's own that may nest some hundreds deep, as JSON from elsewhere may.

    `encode` takes two frames of Python a level, of which there are 1,000; this copies the value, and takes none.

    Raises:
        CodecError: as of `encode`.
    """
    encoded: bytes = dumps(as_plain(value, bounds))
    if len(encoded) > bounds.size:
        raise too_large(bounds, len(encoded))
    return encoded


def list_of(items: Sequence[bytes]) -> bytes:
    """The list of items that are encoded already."""
    return b"".join([head_of(ARRAY, len(items)), *items])


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
