"""A package's description inside its module: the custom section `wardian:package`, as pure bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wardian.errors import PackageError

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME: Final = "wardian:package"
_HEADER: Final = 8  # the magic number and the version of the format
_CUSTOM: Final = 0


def embed(wasm: bytes, content: bytes) -> bytes:
    """The module with this content as its description, which replaces any that it had; the same bytes each time.

    The section stands at the end, where no other section has to move for it. All others stay as they are.

    Raises:
        PackageError: the outline of the module is broken.
    """
    kept = b"".join(wasm[start:end] for start, end in _others(wasm))
    name = NAME.encode()
    body = _number(len(name)) + name + content
    return wasm[:_HEADER] + kept + bytes((_CUSTOM,)) + _number(len(body)) + body


def _others(wasm: bytes) -> Iterator[tuple[int, int]]:
    """Where each section begins and ends that is no description."""
    if wasm[:_HEADER] != b"\0asm\x01\0\0\0":
        raise PackageError("this is no WebAssembly module", code="invalid_module")
    at = _HEADER
    while at < len(wasm):
        size, start = _read_number(wasm, at + 1)
        end = start + size
        if end > len(wasm):
            raise PackageError(f"the section at {at} ends after the module does", code="invalid_module")
        if wasm[at] != _CUSTOM or _name(wasm, start, end) != NAME.encode():
            yield at, end
        at = end


def _name(wasm: bytes, start: int, end: int) -> bytes:
    length, at = _read_number(wasm, start)
    if at + length > end:
        raise PackageError(f"the custom section at {start} has no name", code="invalid_module")
    return wasm[at : at + length]


def _read_number(wasm: bytes, at: int) -> tuple[int, int]:
    """An unsigned LEB128 number of at most 32 bits, and where it ends."""
    value = 0
    for place, byte in enumerate(wasm[at : at + 5]):
        value |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return value, at + place + 1
    raise PackageError(f"a number at {at} does not end", code="invalid_module")


def _number(value: int) -> bytes:
    """The shortest LEB128 number."""
    made = bytearray()
    while value >= 0x80:
        made.append(value & 0x7F | 0x80)
        value >>= 7
    made.append(value)
    return bytes(made)
