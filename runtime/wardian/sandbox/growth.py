"""Notes in a guest that its memory was refused to grow, so that a trap that follows can be told from any other.

`memory.grow` answers a refusal with -1, to the guest alone: the engine tells its host nothing. So each `memory.grow` of
a module becomes a call of a function that does the same and keeps the number of pages that was refused in an exported
global. It is appended to its module, so that no index moves, and it is the engine that validates the outcome; it has to
find the module valid before, too, which could use what is added.
"""

from __future__ import annotations

import re
from typing import Final

from wardian.errors import PackageError
from wardian.sandbox import binary

GLOBAL: Final = "wardian:refused"

_LEB: Final = rb"[\x80-\xff]*+[\x00-\x7f]"
_GROW: Final = b"\x40\x00"
_SELF: Final = 0x40
# One instruction, by the kinds of its immediates (https://webassembly.github.io/spec/core/binary/instructions.html),
# for the proposals that are on. `memory.grow`, `br_table` and a typed `select` are left out: at them a run ends.
_RUN: Final = (
    b"(?:"
    rb"[\x00\x01\x05\x0b\x0f\x1a\x1b\x45-\xc4\xd1]"
    rb"|[\x02-\x04\x0c\x0d\x10\x20-\x26\x3f\x41\x42\xd0\xd2]" + _LEB + rb"|[\x11\x28-\x3e]" + _LEB + _LEB +
    rb"|\x43[\x00-\xff]{4}|\x44[\x00-\xff]{8}"
    rb"|\xfc(?:[\x00-\x07]|[\x09\x0b\x0d\x0f-\x11]" + _LEB + rb"|[\x08\x0a\x0c\x0e]" + _LEB + _LEB + rb")"
    rb"|\xfd(?:[\x00-\x0b]" + _LEB + _LEB + rb"|[\x0c\x0d][\x00-\xff]{16}|[\x15-\x22][\x00-\xff]"
    rb"|[\x54-\x5b]" + _LEB + _LEB + rb"[\x00-\xff]|[\x5c\x5d]" + _LEB + _LEB +
    rb"|[\x0e-\x14\x23-\x53\x5e-\x7f]|[\x80-\xff]\x01)"
    b")*+"
)  # fmt: skip


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
        3: _appended(parts[3], _number(kind)),
        6: _appended(parts.get(6, b"\0"), b"\x7f\x01\x41\x00\x0b"),  # mutable i32, 0 at first
        7: _appended(parts[7], _number(len(name)) + name + b"\x03" + _number(kept)),
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
            pieces.append(_section(6, added.pop(6)))  # there was none, and its place is before the exports
        pieces.append(_section(kind, added.pop(kind)) if kind in added else wasm[at : start + size])
        at = start + size
    return b"".join(pieces)


def _with_calls(code: bytes, function: int, kept: int) -> bytes | None:
    """The code section with each `memory.grow` turned into a call, and the function that is called."""
    count, at = binary.read_number(code, 0)
    call = b"\x10" + _number(function)
    bodies = []
    for _ in range(count):
        size, start = binary.read_number(code, at)
        body = code[start : start + size]
        if _GROW in body:
            changed = _body(body, call)
            if changed is None:
                return None
            body = changed
        bodies.append(_number(len(body)) + body)
        at = start + size
    # grown = memory.grow(pages); if grown == -1: refused = pages; return grown
    growing = (
        b"\x01\x01\x7f\x20\x00\x40\x00\x22\x01\x41\x7f\x46\x04\x40\x20\x00\x24" + _number(kept) + b"\x0b\x20\x01\x0b"
    )
    return _number(count + 1) + b"".join(bodies) + _number(len(growing)) + growing


def _body(body: bytes, call: bytes) -> bytes | None:
    groups, at = binary.read_number(body, 0)
    for _ in range(groups):
        _, at = binary.read_number(body, at)
        at += 1  # the type
    pieces, copied = [], 0
    instructions = re.compile(_RUN)  # here, and kept by `re`: 2 ms of every start, for those who compile something
    while True:
        run = instructions.match(body, at)
        at = run.end() if run else at
        if at == len(body):
            break
        head = body[at]
        if head == _SELF and body[at + 1] == 0:
            pieces += [body[copied:at], call]
            at = copied = at + 2
        elif head == 0x0E:  # br_table: so many labels, and one more
            labels, at = binary.read_number(body, at + 1)
            for _ in range(labels + 1):
                _, at = binary.read_number(body, at)
        elif head == 0x1C:  # select with types
            types, at = binary.read_number(body, at + 1)
            at += types
        else:
            return None
    return b"".join([*pieces, body[copied:]])


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
    return _number(count + 1) + vector[at:] + item


def _section(kind: int, content: bytes) -> bytes:
    return bytes([kind]) + _number(len(content)) + content


def _number(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
