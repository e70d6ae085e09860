"""What WASI functions find in a guest's memory and put there: numbers, names, and vectors of buffers.

Everything is checked before anything is copied or allocated, and an address outside the memory is refused with `FAULT`.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from wardian.sandbox.wasi_errno import Errno, Refused

if TYPE_CHECKING:
    from wardian.sandbox.memory import Memory

_MOST_VECTORS: Final = 1024  # IOV_MAX of Linux: what libraries expect to be enough
_MOST_PATH: Final = 4096  # PATH_MAX of Linux
_IOVEC: Final = struct.Struct("<II")  # buf, buf_len
_U32: Final = struct.Struct("<I")
_U64: Final = struct.Struct("<Q")


def require(memory: Memory, start: int, length: int) -> None:
    """Refuse with `FAULT` unless all these bytes are within the memory; nothing is copied."""
    end = start + length
    if end > memory.size and end > memory.refresh():
        raise Refused(Errno.FAULT)


def put_u32(memory: Memory, at: int, value: int) -> None:
    """Write a `size`, an `fd` or another number of 32 bits."""
    memory.write(at, _U32.pack(value))


def put_u64(memory: Memory, at: int, value: int) -> None:
    """Write a `timestamp`, a `filesize` or another number of 64 bits."""
    memory.write(at, _U64.pack(value))


def path(memory: Memory, start: int, length: int) -> str:
    """The path that the guest names.

    Raises:
        Refused: `NAMETOOLONG`, `ILSEQ` when it is not UTF-8, `INVAL` when it has a NUL.
    """
    if length > _MOST_PATH:
        raise Refused(Errno.NAMETOOLONG)
    try:
        text = memory.read(start, length).decode()
    except UnicodeDecodeError:
        raise Refused(Errno.ILSEQ) from None
    if "\0" in text:
        raise Refused(Errno.INVAL)
    return text


def buffers(memory: Memory, start: int, count: int) -> list[tuple[int, int]]:
    """The buffers, each as address and length, of an `iovec_array` or `ciovec_array`; each lies within the memory.

    Their lengths together may be far more than the memory, for they may overlap.

    Raises:
        Refused: `INVAL` for more than 1,024.
    """
    if count > _MOST_VECTORS:
        raise Refused(Errno.INVAL)
    found = list(_IOVEC.iter_unpack(memory.read(start, count * _IOVEC.size)))
    for address, length in found:
        require(memory, address, length)
    return found


def gather(memory: Memory, vectors: list[tuple[int, int]], most: int) -> bytes:
    """A copy of what lies in the buffers, up to `most` bytes."""
    parts = []
    for address, length in vectors:
        part = memory.read(address, min(length, most))
        parts.append(part)
        most -= len(part)
        if not most:
            break
    return b"".join(parts)


def scatter(memory: Memory, vectors: list[tuple[int, int]], data: memoryview) -> None:
    """Fill the buffers with the data, in their order."""
    for address, length in vectors:
        if not data:
            break
        memory.write(address, data[:length])
        data = data[length:]
