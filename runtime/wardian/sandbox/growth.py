"""Notes in a guest that its memory was refused to grow, so that a trap that follows can be told from any other.

`memory.grow` answers a refusal with -1, to the guest alone: the engine tells its host nothing. So each `memory.grow` of
a module becomes a call of a function that does the same and keeps the number of pages that was refused in an exported
global. It is appended to its module, so that no index moves, and it is the engine that validates the outcome; it has to
find the module valid before, too, which could use what is added.
"""

from __future__ import annotations

from typing import Final

from wardian.errors import PackageError
from wardian.sandbox import binary, instructions

GLOBAL: Final = "wardian:refused"

_GROW: Final = b"\x40\x00"
_PATTERN: Final = rb"\x40\x00"


def watch(wasm: bytes) -> bytes:
    """The same module, noting refused growth in its exported global `wardian:refused`.

    A module that never grows its memory is given back as it is, and so is one whose code holds what is not known here.
    """
    try:
        return _rewritten(wasm) or wasm
    except (PackageError, IndexError, ValueError):
        return wasm  # broken: the compiler says why


def _rewritten(wasm: bytes) -> bytes | None:
    parts = {section.id: wasm[section.start : section.start + section.size] for section in _known(wasm)}
    if not {1, 3, 5, 7, 10} <= parts.keys() or _GROW not in parts[10] or GLOBAL.encode() in parts[7]:
        return None
    functions, globals_ = _imported(parts.get(2, b"\0"))
    kind = binary.read_number(parts[1], 0)[0]
    function = functions + binary.read_number(parts[3], 0)[0]
    kept = globals_ + binary.read_number(parts.get(6, b"\0"), 0)[0]
    code = _with_calls(parts[10], function, kept)
    if code is None:
        return None
    name = GLOBAL.encode()
    added = {
        1: _appended(parts[1], b"\x60\x01\x7f\x01\x7f"),  # (i32) -> i32
        3: _appended(parts[3], binary.number(kind)),
        6: _appended(parts.get(6, b"\0"), b"\x7f\x01\x41\x00\x0b"),  # mutable i32, 0 at first
        7: _appended(parts[7], binary.number(len(name)) + name + b"\x03" + binary.number(kept)),
        10: code,
    }
    return _assembled(wasm, added)


def _assembled(wasm: bytes, added: dict[int, bytes]) -> bytes:
    pieces = [binary.MAGIC]
    at = len(binary.MAGIC)
    while at < len(wasm):
        size, start = binary.read_number(wasm, at + 1)
        kind = wasm[at]
        if kind in (7, 8, 9, 10, 11, 12) and 6 in added:
            pieces.append(binary.section(6, added.pop(6)))  # there was none, and its place is before the exports
        pieces.append(binary.section(kind, added.pop(kind)) if kind in added else wasm[at : start + size])
        at = start + size
    return b"".join(pieces)


def _with_calls(code: bytes, function: int, kept: int) -> bytes | None:
    """The code section with each `memory.grow` turned into a call, and the function that is called."""
    call = b"\x10" + binary.number(function)
    functions = []
    for body in instructions.bodies(code):
        changed = instructions.changed(body, _PATTERN, lambda _grow: call) if _GROW in body else body
        if changed is None:
            return None
        functions.append(changed)
    # grown = memory.grow(pages); if grown == -1: refused = pages; return grown
    growing = b"\x01\x01\x7f\x20\x00\x40\x00\x22\x01\x41\x7f\x46\x04\x40\x20\x00\x24%b\x0b\x20\x01\x0b"
    return instructions.section([*functions, growing % binary.number(kept)])


def _imported(section: bytes) -> tuple[int, int]:
    """How many functions and globals are imported."""
    count, at = binary.read_number(section, 0)
    functions = globals_ = 0
    for _ in range(count):
        for _name in range(2):
            length, at = binary.read_number(section, at)
            at += length
        kind = section[at]
        at += 1
        if kind == 0:
            functions += 1
            _, at = binary.read_number(section, at)
        elif kind == 3:
            globals_ += 1
            at += 2
        else:
            raise ValueError("a memory or a table cannot be imported here")
    return functions, globals_


def _known(wasm: bytes) -> list[binary.Section]:
    return [section for section in binary.sections(wasm) if section.id]


def _appended(vector: bytes, item: bytes) -> bytes:
    count, at = binary.read_number(vector, 0)
    return binary.number(count + 1) + vector[at:] + item
