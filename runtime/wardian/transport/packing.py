"""Records as bytes: some hundreds of them together, as a row each would take longer than all else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, cast

from wardian.abi.codec import Bounds, CodecError, decode, encode, encode_deep, list_of
from wardian.errors import StateError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from wardian.transport.contract import Value

# What is kept was bounded where it came from. JSON may nest 500 deep, and lies in a record, in a list here.
_DEPTH: Final = 600
_SHALLOW: Final = Bounds(size=2**30, items=2**40, depth=100)
_DEEP: Final = Bounds(size=2**30, items=2**40, depth=_DEPTH)
_MOST: Final = 256 * 1024  # bytes of one chunk: what a reader fetches that wants a single record


class Packed(NamedTuple):
    """Records that are kept together.

    Attributes:
        values: the records.
        data: all of them in one item of CBOR, a list.
        sizes: the bytes of each, where they are known.
    """

    values: Sequence[Value]
    data: bytes
    sizes: Sequence[int] | None


def pack(values: Sequence[Value]) -> list[Packed]:
    """The records in chunks of at most 256 KiB; a larger one is alone in its chunk.

    Raises:
        CodecError: one of them is none of the ABI, or nests deeper than 600.
    """
    if not values:
        return []
    # Small records are written in one go; of large ones the size of each must be known, to know where a chunk ends.
    if measure(values[0]) * len(values) <= 2 * _MOST:
        data = to_bytes(list(values))
        if len(data) <= _MOST:
            return [Packed(values, data, None)]
    return list(_apart(values))


def unpack(data: bytes, where: str) -> list[Value]:
    """The records of a chunk.

    Raises:
        StateError: `state_corrupt`: the bytes are not what was written.
    """
    return cast("list[Value]", from_bytes(data, where))


def measure(value: Value) -> int:
    """The bytes of one record."""
    return len(to_bytes(value))


def to_bytes(value: object) -> bytes:
    """Any plain data as an item of CBOR.

    Raises:
        CodecError: it is none of the ABI's.
    """
    try:
        return encode(value, _SHALLOW)
    except CodecError as error:
        if error.code != "too_deep":
            raise
    return encode_deep(value, _DEEP)


def from_bytes(data: bytes, where: str) -> object:
    """What was written by `to_bytes`.

    Raises:
        StateError: `state_corrupt`.
    """
    try:
        return decode(data, _DEEP)
    except CodecError as error:
        raise StateError(
            f"what is kept cannot be read: {error}", code="state_corrupt", where=where,
            hint="keep the file aside and restore a copy of it",
        ) from error  # fmt: skip


def _apart(values: Sequence[Value]) -> Iterator[Packed]:
    items: list[bytes] = []
    begin = total = 0
    for at, value in enumerate(values):
        item = to_bytes(value)
        if items and total + len(item) > _MOST:
            yield Packed(values[begin:at], list_of(items), [len(each) for each in items])
            begin, items, total = at, [], 0
        items.append(item)
        total += len(item)
    yield Packed(values[begin:], list_of(items), [len(each) for each in items])
