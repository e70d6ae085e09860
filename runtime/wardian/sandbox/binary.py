"""What a WebAssembly binary says of itself, read without compiling or running it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from wardian.errors import LimitExceeded, PackageError
from wardian.quantity import format_size

MAGIC: Final = b"\0asm\x01\0\0\0"
MOST_SECTIONS: Final = 1_000  # there are 13 kinds; ten million empty ones, in 30 MiB, took a minute and a gigabyte
_COMPONENT: Final = b"\0asm\x0d\0\x01\0"
_NAMES: Final = (
    "custom", "type", "import", "function", "table", "memory", "global", "export", "start", "element", "code", "data",
    "data count", "tag",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Section:
    """One section: its id, its name (a custom section has its author's), where its content is and how long."""

    id: int
    name: str
    start: int
    size: int


def check_magic(wasm: bytes, most: int) -> None:
    """Refuse what is no core module of WebAssembly 1, or larger than `most` bytes, before anything reads it.

    Raises:
        LimitExceeded: it is too large.
        PackageError: `invalid_module` or `unsupported_format`.
    """
    if len(wasm) > most:
        raise LimitExceeded(
            f"the module has {format_size(len(wasm))}, of at most {format_size(most)}", limit="module", value=most,
            asked=len(wasm), hint="raise the limit `module`, or build the plugin without debug info",
        )  # fmt: skip
    if wasm[:8] == MAGIC:
        return
    if wasm[:8] == _COMPONENT:
        raise PackageError(
            "this is a WebAssembly component, not a core module", code="unsupported_format",
            hint="build a core module, such as with the target wasm32-unknown-unknown or wasm32-wasip1",
        )  # fmt: skip
    if wasm[:4] == MAGIC[:4] and len(wasm) >= 8:
        raise PackageError(f"WebAssembly of version {wasm[4:8].hex()} is not known here", code="unsupported_format")
    raise PackageError(
        "these bytes are not a WebAssembly module" if wasm else "the module is empty", code="invalid_module",
        hint="expected a `.wasm` file as a compiler writes it; text needs a path that ends in `.wat`",
    )  # fmt: skip


def sections(wasm: bytes) -> list[Section]:
    """The sections in their order.

    Raises:
        PackageError: when the outline is broken, or there are too many; the contents are not looked at.
    """
    found: list[Section] = []
    at = 8
    while at < len(wasm):
        if len(found) == MOST_SECTIONS:
            raise PackageError(
                f"the module has more than {MOST_SECTIONS} sections", code="invalid_module",
                hint="no compiler writes so many",
            )  # fmt: skip
        kind = wasm[at]
        size, start = read_number(wasm, at + 1)
        if start + size > len(wasm):
            raise PackageError(f"section {kind} at {at} ends after the module does", code="invalid_module")
        name = _NAMES[kind] if kind < len(_NAMES) else f"section {kind}"
        if kind == 0:
            length, after = read_number(wasm, start)
            if after + length > start + size:
                raise PackageError(f"the custom section at {at} has no name", code="invalid_module")
            name = wasm[after : after + length].decode("utf-8", "replace")
            start, size = after + length, start + size - after - length
        found.append(Section(kind, name, start, size))
        at = start + size
    return found


def read_number(wasm: bytes, at: int) -> tuple[int, int]:
    """An unsigned LEB128 number of at most 32 bits, and where it ends.

    Raises:
        PackageError: when it does not end.
    """
    value = 0
    for shift in range(0, 35, 7):
        if at >= len(wasm):
            break
        byte = wasm[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise PackageError(f"a number at {at} does not end", code="invalid_module")


def number(value: int) -> bytes:
    """An unsigned LEB128 number, in as few bytes as it takes."""
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def signed(value: int) -> bytes:
    """A signed LEB128 number, likewise."""
    encoded = bytearray()
    while not -0x40 <= value < 0x40:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value & 0x7F)
    return bytes(encoded)


def section(kind: int, content: bytes) -> bytes:
    """A section with its head."""
    return bytes([kind]) + number(len(content)) + content
