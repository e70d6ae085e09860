"""LEB128 numbers, names and vectors of the binary format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wardian.sandbox.binary import number

if TYPE_CHECKING:
    from collections.abc import Iterable


class Reader:
    """Reads one part of a binary, from the front."""

    __slots__ = ("at", "data", "end")

    def __init__(self, data: bytes, at: int, end: int) -> None:
        self.data, self.at, self.end = data, at, end

    def byte(self) -> int:
        """The next byte."""
        self.at += 1
        return self.data[self.at - 1]

    def number(self) -> int:
        """An unsigned number."""
        value = shift = 0
        data, at = self.data, self.at
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                self.at = at
                return value
            shift += 7

    def signed(self) -> int:
        """A signed number."""
        begun = self.at
        value = self.number()
        bits = 7 * (self.at - begun)
        return value - (1 << bits) if value >> (bits - 1) else value

    def bytes(self) -> bytes:
        """Some bytes, after their number."""
        size = self.number()
        self.at += size
        return self.data[self.at - size : self.at]

    def name(self) -> str:
        """A name."""
        return self.bytes().decode()


def name(text: str) -> bytes:
    """A name, written."""
    data = text.encode()
    return number(len(data)) + data


def vector(items: Iterable[bytes]) -> bytes:
    """A vector of items that are written already."""
    items = list(items)
    return number(len(items)) + b"".join(items)
