"""Errors that leave several functions at once, in a module that was compiled without exceptions.

Lua raises errors with `longjmp`. WebAssembly has that only through its exceptions, which are off in the sandbox: they
are code of the engine that a hostile module could reach, and come with its garbage collector. So an error returns from
one function after the other: a global says that one is under way, and after each call that could have raised one its
caller looks at the global, and returns. The linked module is changed so; what is compiled knows two functions:

* `wardian_unwind() -> ()`, which never returns as far as its callers know, sets the global;
* `wardian_attempt(f, a, b) -> i32` calls `f(a, b)`, puts the stack back to where it was, and says whether `f` was
  unwound, which ends there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wardian.errors import BuildError
from wardian.sandbox import instructions
from wardian.sandbox.binary import number, read_number
from wardian.snapshot import outline as outlines

if TYPE_CHECKING:
    from wardian.snapshot.outline import Outline

UNWIND: Final = "wardian_unwind"
ATTEMPT: Final = "wardian_attempt"
STACK: Final = "__stack_pointer"
_CALLS: Final = rb"\x10" + instructions.LEB + rb"|\x11" + instructions.LEB + instructions.LEB
_CALL: Final = 0x10
_ZEROS: Final = {0x7F: b"\x41\x00", 0x7E: b"\x42\x00", 0x7D: b"\x43" + bytes(4), 0x7C: b"\x44" + bytes(8)}
_RUN: Final = b"\x60\x02\x7f\x7f\x00"  # (i32, i32) -> ()

Type = tuple[bytes, bytes]


def rewrite(wasm: bytes) -> bytes:
    """The module in which errors unwind; the three exports by which it is told are taken out.

    Raises:
        BuildError: they are not there, or its code holds instructions that are not known here.
    """
    module = outlines.read(wasm)
    exports = {each.name: each.index for each in module.exports}
    if missing := {UNWIND, ATTEMPT, STACK} - exports.keys():
        raise BuildError(f"the module to be changed exports no `{min(missing)}`")
    types, functions = _types(module), _functions(module)
    imported = sum(each.kind == "func" for each in module.interface.imports)
    bodies = instructions.bodies(module.parts[10])
    unwind, attempt = exports[UNWIND], exports[ATTEMPT]
    raising = _raising(bodies, imported, unwind, attempt)
    flag = sum(each.kind == "global" for each in module.interface.imports) + len(module.globals)
    made = []
    for at, body in enumerate(bodies, imported):
        if at == unwind:
            made.append(b"\x00\x41\x01\x24" + number(flag) + b"\x0b")
        elif at == attempt:
            made.append(_attempt(types, exports[STACK], flag))
        elif at in raising:
            made.append(_looking(body, raising, flag, types[functions[at - imported]][1]))
        else:
            made.append(body)
    kept = [each for each in module.exports if each.name not in (UNWIND, ATTEMPT, STACK)]
    count, start = read_number(module.parts.get(6, b"\0"), 0)
    return module.with_parts(
        {
            6: number(count + 1) + module.parts.get(6, b"\0")[start:] + b"\x7f\x01\x41\x00\x0b",
            7: outlines.export_section(kept),
            10: instructions.section(made),
        }
    )


def _raising(bodies: list[bytes], imported: int, unwind: int, attempt: int) -> frozenset[int]:
    """The functions that an error can leave: those that call one of them, or whatever a table holds."""
    callers: dict[int, set[int]] = {}
    found = {unwind}
    for at, body in enumerate(bodies, imported):
        calls: list[bytes] = []

        def note(call: bytes, calls: list[bytes] = calls) -> bytes:
            calls.append(call)
            return call

        if instructions.changed(body, _CALLS, note) is None:
            raise BuildError("the engine's code holds instructions that are not known here")
        if at == attempt:
            continue
        for call in calls:
            if call[0] == _CALL:
                callers.setdefault(read_number(call, 1)[0], set()).add(at)
            else:
                found.add(at)
    waiting = list(found)
    while waiting:
        more = callers.get(waiting.pop(), set()) - found
        found |= more
        waiting += more
    return frozenset(found)


def _looking(body: bytes, raising: frozenset[int], flag: int, results: bytes) -> bytes:
    """The body that returns after a call that an error came out of: if (flag) return zeros."""
    look = b"\x23" + number(flag) + b"\x04\x40" + b"".join(_ZEROS[each] for each in results) + b"\x0f\x0b"

    def change(call: bytes) -> bytes:
        return call if call[0] == _CALL and read_number(call, 1)[0] not in raising else call + look

    return instructions.changed(body, _CALLS, change) or body


def _attempt(types: list[Type], stack: int, flag: int) -> bytes:
    run = types.index((_RUN[2:4], b""))
    return b"".join((
        b"\x01\x01\x7f",  # one variable of its own, an i32
        b"\x23", number(stack), b"\x21\x03",  # kept = stack pointer
        b"\x20\x01\x20\x02\x20\x00\x11", number(run), b"\x00",  # f(a, b)
        b"\x20\x03\x24", number(stack),  # stack pointer = kept
        b"\x23", number(flag), b"\x41\x00\x24", number(flag), b"\x0b",  # give the flag, and set it back
    ))  # fmt: skip


def _types(module: Outline) -> list[Type]:
    content = module.parts[1]
    count, at = read_number(content, 0)
    found: list[Type] = []
    for _ in range(count):
        sides = []
        at += 1  # 0x60, which is all that there is
        for _side in range(2):
            size, at = read_number(content, at)
            sides.append(content[at : at + size])
            at += size
        found.append((sides[0], sides[1]))
    return found


def _functions(module: Outline) -> list[int]:
    """The type of each function that the module defines."""
    content = module.parts[3]
    count, at = read_number(content, 0)
    found = []
    for _ in range(count):
        index, at = read_number(content, at)
        found.append(index)
    return found
