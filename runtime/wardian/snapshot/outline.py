"""`Outline`: what a module is made of, as far as a snapshot has to know it, and how it is put together again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wardian.errors import PackageError
from wardian.sandbox import binary, interface
from wardian.sandbox.binary import read_number
from wardian.sandbox.instructions import LEB

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from wardian.sandbox.interface import Interface

FUNCTION, TABLE, MEMORY, GLOBAL = range(4)  # kinds of exports
_ORDER: Final = (1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11)  # of the sections, by their ids
_CONSTANT: Final = (
    rb"(?>(?:[\x41\x42\x23\xd0\xd2]" + LEB + rb"|\x43[\x00-\xff]{4}|\x44[\x00-\xff]{8}|\xfd\x0c[\x00-\xff]{16}"
    rb"|[\x6a-\x6c\x7c-\x7e])*)\x0b"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Global:
    """A global that the module defines: its type, whether it changes, the expression that it begins with."""

    type: int
    changes: bool
    first: bytes


@dataclass(frozen=True, slots=True)
class Exported:
    """An export: its name, its kind, and the index of what it is."""

    name: str
    kind: int
    index: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A data segment: whether the code puts it into memory itself, and all its bytes as they stand."""

    passive: bool
    raw: bytes


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds of a memory: its flags, and pages."""

    flags: int
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Outline:
    """What a module is made of.

    Attributes:
        wasm: all of it.
        parts: the content of each section but the custom ones, by id.
        interface: its imports and exports with their types.
        memories: those that it defines.
        globals: those that it defines.
        exports: in their order.
        segments: its data.
    """

    wasm: bytes
    parts: Mapping[int, bytes]
    interface: Interface
    memories: tuple[Bounds, ...]
    globals: tuple[Global, ...]
    exports: tuple[Exported, ...]
    segments: tuple[Segment, ...]

    def with_parts(self, parts: Mapping[int, bytes | None], customs: Mapping[str, bytes] | None = None) -> bytes:
        """The module with other sections: content by id, None for a section that goes, custom ones by name.

        A section that was not there comes to stand where it belongs; custom sections stay between their neighbours.
        """
        left = dict(parts)
        pieces = [binary.MAGIC]
        at = len(binary.MAGIC)
        for found in binary.sections(self.wasm):
            end = found.start + found.size
            if found.id:
                if found.id not in _ORDER:
                    raise PackageError(f"a section has the unknown number {found.id}", code="invalid_module")
                place = _ORDER.index(found.id)
                for kind in sorted((each for each in left if _ORDER.index(each) < place), key=_ORDER.index):
                    pieces += _written(kind, left.pop(kind))
                pieces += _written(found.id, left.pop(found.id)) if found.id in left else [self.wasm[at:end]]
            elif customs and found.name in customs:
                name = found.name.encode()
                pieces.append(binary.section(0, binary.number(len(name)) + name + customs[found.name]))
            else:
                pieces.append(self.wasm[at:end])
            at = end
        for kind in sorted(left, key=_ORDER.index):
            pieces += _written(kind, left[kind])
        return b"".join(pieces)

    def custom(self, name: str) -> bytes | None:
        """The content of the first custom section of this name, or None."""
        for found in binary.sections(self.wasm):
            if found.id == 0 and found.name == name:
                return self.wasm[found.start : found.start + found.size]
        return None


def read(wasm: bytes) -> Outline:
    """The outline of a module; what does not stand in its sections' heads is not checked.

    Raises:
        PackageError: it cannot be read.
    """
    binary.check_magic(wasm, len(wasm))
    parts = {each.id: wasm[each.start : each.start + each.size] for each in binary.sections(wasm) if each.id}
    try:
        return Outline(
            wasm,
            parts,
            interface.read(wasm),
            tuple(_memories(parts.get(5, b"\0"))),
            tuple(_globals(parts.get(6, b"\0"))),
            tuple(_exports(parts.get(7, b"\0"))),
            tuple(_segments(parts.get(11, b"\0"))),
        )
    except (IndexError, UnicodeDecodeError) as error:
        raise PackageError(f"the module cannot be read: {error}") from None


def export_section(exports: list[Exported]) -> bytes:
    """The content of the section of these exports."""
    pieces = [binary.number(len(exports))]
    for each in exports:
        name = each.name.encode()
        pieces += [binary.number(len(name)), name, bytes([each.kind]), binary.number(each.index)]
    return b"".join(pieces)


def _written(kind: int, content: bytes | None) -> list[bytes]:
    return [] if content is None else [binary.section(kind, content)]


def _memories(content: bytes) -> Iterator[Bounds]:
    count, at = read_number(content, 0)
    for _ in range(count):
        flags = content[at]
        if flags & 0xFE:  # shared, of 64 bits, or of other pages: its numbers may be longer than we read
            yield Bounds(flags, 0, None)
            return
        least, at = read_number(content, at + 1)
        most = None
        if flags & 1:
            most, at = read_number(content, at)
        yield Bounds(flags, least, most)


def _globals(content: bytes) -> Iterator[Global]:
    count, at = read_number(content, 0)
    for _ in range(count):
        kind, changes = content[at], content[at + 1]
        end = _constant(content, at + 2)
        yield Global(kind, bool(changes), content[at + 2 : end])
        at = end


def _exports(content: bytes) -> Iterator[Exported]:
    count, at = read_number(content, 0)
    for _ in range(count):
        size, start = read_number(content, at)
        end = start + size
        index, at = read_number(content, end + 1)
        yield Exported(content[start:end].decode(), content[end], index)


def _segments(content: bytes) -> Iterator[Segment]:
    count, at = read_number(content, 0)
    for _ in range(count):
        start = at
        mode, at = read_number(content, at)
        if mode == 2:
            _, at = read_number(content, at)
        if mode != 1:
            at = _constant(content, at)
        size, at = read_number(content, at)
        at += size
        yield Segment(mode == 1, content[start:at])


def _constant(content: bytes, at: int) -> int:
    """Where the constant expression ends."""
    found = re.compile(_CONSTANT).match(content, at)
    if found is None:
        raise PackageError(f"the constant expression at {at} holds an instruction that is not known here")
    return found.end()
