"""The module that is run for a snapshot: like the author's, and it shows its globals and notes what cannot be carried.

All that is added comes after what was there, so that no index moves; nothing of it gets into the snapshot.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wardian.errors import PackageError
from wardian.sandbox import binary, instructions
from wardian.sandbox.binary import number
from wardian.sandbox.instructions import LEB
from wardian.snapshot import outline as outlines

if TYPE_CHECKING:
    from wardian.snapshot.outline import Outline

# The types of globals that are carried, i32, i64, f32, f64 and v128, and their bytes.
NUMBERS: Final = {0x7F: 4, 0x7E: 8, 0x7D: 4, 0x7C: 8, 0x7B: 16}
PRIVATE: Final = "wardian:"  # what names of exports begin with that are no author's
_TABLE: Final = rb"\x26" + LEB + rb"|\xfc(?:[\x0c\x0e]" + LEB + LEB + rb"|[\x0d\x0f\x11]" + LEB + rb")"
_DROP: Final = rb"\xfc\x09" + LEB
_NOTE: Final = b"\x7f\x01\x41\x00\x0b"  # a mutable i32, 0 at first


@dataclass(frozen=True, slots=True)
class Marked:
    """A module to be run.

    Attributes:
        wasm: its bytes.
        globals: the names under which it exports the globals that are carried, by their index.
        notes: names of globals that are not 0 once the code did what a snapshot cannot carry, and what that is.
    """

    wasm: bytes
    globals: dict[int, str]
    notes: dict[str, str]


def mark(module: Outline) -> Marked:
    """The module with exported globals and notes.

    Raises:
        PackageError: its code holds instructions that are not known here.
    """
    shown = {
        at: f"{PRIVATE}global {at}" for at, each in enumerate(module.globals) if each.changes and each.type in NUMBERS
    }
    references = [at for at, each in enumerate(module.globals) if each.changes and each.type not in NUMBERS]
    exports = [_export(name, outlines.GLOBAL, at) for at, name in shown.items()]
    code = module.parts.get(10, b"\0")
    notes: dict[str, str] = {}
    for pattern, what in (
        (_TABLE, "changes its tables"),
        (_DROP, "drops a passive data segment"),
        (b"|".join(map(_setting, references)), "sets a global that holds a reference"),
    ):
        kept = len(module.globals) + len(notes)
        changed = _noting(code, pattern, kept) if pattern else code
        if changed != code:
            code, name = changed, f"{PRIVATE}note {kept}"
            notes[name] = what
            exports.append(_export(name, outlines.GLOBAL, kept))
    if all(each.name != "memory" for each in module.exports):
        exports.append(_export("memory", outlines.MEMORY, 0))
    parts: dict[int, bytes | None] = {7: _extended(module.parts.get(7, b"\0"), exports)}
    if notes:
        parts[6] = _extended(module.parts.get(6, b"\0"), [_NOTE] * len(notes))
        parts[10] = code
    return Marked(module.with_parts(parts), shown, notes)


def _noting(code: bytes, pattern: bytes, kept: int) -> bytes:
    """The code that sets the global `kept` to 1 after each of the instructions."""
    note = b"\x41\x01\x24" + number(kept)
    try:
        functions = instructions.bodies(code)
        changed = [instructions.changed(body, pattern, lambda found: found + note) for body in functions]
    except (IndexError, ValueError) as error:
        raise PackageError(f"the code cannot be read: {error}") from None
    if None in changed:
        raise PackageError(
            "the code holds instructions that a snapshot does not know", code="unsupported_feature",
            hint="build the plugin without newer extensions of WebAssembly, such as `-mcpu=lime1`",
        )  # fmt: skip
    made = [body for body in changed if body is not None]
    return code if made == functions else instructions.section(made)


def _setting(index: int) -> bytes:
    return re.escape(b"\x24" + number(index))  # global.set


def _export(name: str, kind: int, index: int) -> bytes:
    encoded = name.encode()
    return number(len(encoded)) + encoded + bytes([kind]) + number(index)


def _extended(vector: bytes, items: list[bytes]) -> bytes:
    count, at = binary.read_number(vector, 0)
    return number(count + len(items)) + vector[at:] + b"".join(items)
