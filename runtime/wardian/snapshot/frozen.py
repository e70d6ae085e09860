"""From what an initialiser left to a module that begins there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from wardian.abi.contract import INITIALIZE
from wardian.errors import PackageError
from wardian.sandbox.binary import number, read_number, signed
from wardian.snapshot.marking import NUMBERS
from wardian.snapshot.outline import export_section

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from wardian.snapshot.initialiser import Remains
    from wardian.snapshot.outline import Global, Outline

_PAGE: Final = 65_536
_ZEROS: Final = bytes(_PAGE)
_MOST: Final = 10_000  # segments; each costs time at every load, so more of them are joined over wider gaps
_DATA_NAMES: Final = 9  # the part of the section `name` that names data segments, which are others now
_BY_INDEX: Final = (b"\xfc\x08", b"\xfc\x09")  # `memory.init` and `data.drop`, which name a segment
_EMPTY: Final = b"\x00\x41\x00\x0b\x00"  # an active segment at 0, without bytes
_CONSTANTS: Final = {0x7F: b"\x41", 0x7E: b"\x42", 0x7D: b"\x43", 0x7C: b"\x44", 0x7B: b"\xfd\x0c"}


def freeze(module: Outline, remains: Remains, dropped: Collection[str]) -> bytes:
    """The module that begins with what is left, without its start section and the exports that are dropped.

    Passive segments keep their places, so that what initialises memory from them finds them; active ones become empty,
    and what memory holds comes after all of them.
    """
    count, segments = len(module.segments), [each.raw if each.passive else _EMPTY for each in module.segments]
    code = module.parts.get(10, b"")
    if not any(each.passive for each in module.segments) and not any(each in code for each in _BY_INDEX):
        count, segments = 0, []
    runs = list(_runs(remains.memory))
    segments += [b"\x00\x41" + _signed(at, 32) + b"\x0b" + number(len(content)) + content for at, content in runs]
    count += len(runs)
    pages = len(remains.memory) // _PAGE
    bounds = module.memories[0]
    most = b"" if bounds.most is None else number(bounds.most)
    exports = [each for each in module.exports if each.name not in dropped]
    parts: dict[int, bytes | None] = {
        5: b"\x01" + bytes([bounds.flags]) + number(pages) + most,
        7: export_section(exports),
        8: None,
        11: number(count) + b"".join(segments),
    }  # fmt: skip
    if module.globals:
        written = [_global(each, remains.globals.get(at)) for at, each in enumerate(module.globals)]
        parts[6] = number(len(written)) + b"".join(written)
    if 12 in module.parts:
        parts[12] = number(count)
    names = module.custom("name")
    return module.with_parts(parts, {} if names is None else {"name": _without_data(names)})


def dropped(module: Outline, entry: str | None, keep: Collection[str]) -> frozenset[str]:
    """The exports that a snapshot has no use for: what was run, unless it is to be kept.

    Raises:
        PackageError: what is to be kept is not there.
    """
    names = {each.name for each in module.exports}
    if missing := [name for name in keep if name not in names]:
        raise PackageError(
            f"the module exports no `{missing[0]}` to keep", code="no_such_entry",
            hint="`wardian inspect` shows what it exports",
        )  # fmt: skip
    return frozenset({INITIALIZE, entry or INITIALIZE} - set(keep))


def _runs(memory: bytes) -> Iterator[tuple[int, bytes]]:
    """What is not zero, and where; runs with few zeros between them are one, as a segment has a head of some bytes."""
    gap = 8
    spans = list(_spans(memory, gap))
    while len(spans) > _MOST:
        gap *= 4
        spans = list(_spans(memory, gap))
    for start, end in spans:
        yield start, memory[start:end]


def _spans(memory: bytes, gap: int) -> Iterator[tuple[int, int]]:
    start = end = -1
    for at in _parts(memory):
        if start < 0:
            start, end = at
        elif at[0] - end <= gap:
            end = at[1]
        else:
            yield start, end
            start, end = at
    if start >= 0:
        yield start, end


def _parts(memory: bytes) -> Iterator[tuple[int, int]]:
    """Where the bytes that are not zero begin and end, page by page: most pages hold none."""
    search = re.compile(rb"[^\0]+(?>(?:\0{1,8}[^\0]+)*)").finditer
    for page in range(0, len(memory), _PAGE):
        if memory[page : page + _PAGE] != _ZEROS:
            for found in search(memory, page, page + _PAGE):
                yield found.span()


def _global(each: Global, bits: bytes | None) -> bytes:
    head = bytes([each.type, each.changes])
    if bits is None:
        return head + each.first
    value = bits[: NUMBERS[each.type]]
    if each.type in (0x7F, 0x7E):
        value = _signed(int.from_bytes(value, "little"), 8 * len(value))
    return head + _CONSTANTS[each.type] + value + b"\x0b"


def _signed(value: int, bits: int) -> bytes:
    """A signed LEB128 number of what is given as an unsigned one."""
    return signed(value - ((value >> bits - 1) << bits))


def _without_data(names: bytes) -> bytes:
    """The content of a section `name` without its part on data segments; as it is where it cannot be read."""
    kept, at = [], 0
    try:
        while at < len(names):
            size, start = read_number(names, at + 1)
            if names[at] != _DATA_NAMES:
                kept.append(names[at : start + size])
            at = start + size
    except PackageError:
        return names
    return b"".join(kept)
