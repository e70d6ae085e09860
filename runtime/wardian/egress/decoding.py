"""The body of an answer, unpacked as it arrives and never further than its limit."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

from wardian.egress.failure import failed

if TYPE_CHECKING:
    from wardian.egress.budget import Budget

ACCEPTED: Final = "gzip, deflate"
KNOWN: Final = frozenset({"gzip", "x-gzip", "deflate"})
_STEP: Final = 64 * 2**10  # bytes unpacked at a time
_GZIP: Final = 16 + zlib.MAX_WBITS
_RAW: Final = -zlib.MAX_WBITS


class Body:
    """Collects the bytes of a body, decoded by one of `KNOWN` encodings, or as they are.

    Attributes:
        unpacks: whether it decodes.
        size: decoded bytes so far.
    """

    def __init__(self, encoding: str, budget: Budget) -> None:
        self._encoding, self._budget = encoding, budget
        self.unpacks = encoding in KNOWN
        self._unpacker: zlib._Decompress | None = None
        self._parts: list[bytes] = []
        self.size = 0

    def feed(self, data: bytes) -> None:
        """Take some bytes as they came off the wire.

        Raises:
            CapabilityError: `protocol`, when they are not of the encoding.
            OverLimit: the body is larger than it may be.
        """
        if not self.unpacks:
            self._keep(data)
            return
        try:
            self._unpack(data)
        except zlib.error:
            raise failed("protocol", "the answer is not packed as it says") from None

    @property
    def unpacked(self) -> bool:
        """Whether there was anything to decode."""
        return self._unpacker is not None

    def whole(self) -> bytes:
        """All of it.

        Raises:
            CapabilityError: `protocol`, when an end is missing.
        """
        if self._unpacker is not None and not self._unpacker.eof:
            raise failed("protocol", "the answer ends before its packing does")
        return b"".join(self._parts)

    def _unpack(self, data: bytes) -> None:
        full = False
        while data or full:  # a full step may have left more inside the unpacker
            if self._unpacker is None or self._unpacker.eof:  # a body may be packed in several pieces
                self._unpacker = zlib.decompressobj(_GZIP if "gzip" in self._encoding else _window(data))
            self._budget.left()
            part = self._unpacker.decompress(data, _STEP)
            self._keep(part)
            data = self._unpacker.unused_data if self._unpacker.eof else self._unpacker.unconsumed_tail
            full = len(part) == _STEP and not self._unpacker.eof

    def _keep(self, part: bytes) -> None:
        self.size += len(part)
        if self.size > self._budget.response:
            raise self._budget.too_large(self.size)
        if part:
            self._parts.append(part)


def _window(data: bytes) -> int:
    """How a body called `deflate` is packed: with zlib's head, as the standard has it, or, by some servers, without."""
    return zlib.MAX_WBITS if data[0] & 0x0F == 8 and data[0] >> 4 <= 7 else _RAW
