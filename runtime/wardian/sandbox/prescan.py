"""Refuses modules that only exist to exhaust a compiler, before a process is started for one.

A filter, not the bound: it counts what a module declares, and looks at no instruction. What passes is still compiled
under the limits `compile_time` and `compile_memory`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

from wardian.errors import PackageError
from wardian.quantity import format_size
from wardian.sandbox.binary import read_number, sections

if TYPE_CHECKING:
    from wardian.sandbox.binary import Section

# Far above what toolchains write: Python itself, 26 MB of wasm, has 122 types of at most 19 values, 11,448 functions of
# at most 106 kB, and 187 local variables in the largest of them. A small program in Go has 34,656 data segments.
MOST_VALUES: Final = 128  # of a function type; C asks its compilers for 127 parameters, and there is a result
MOST_BODY: Final = 2 * 2**20  # bytes; the time of some passes grows with the square of it
MOST_LOCALS: Final = 50_000  # of one function: the engine's own limit
MOST_GROUPS: Final = 500_000  # of local variables, in all functions; each costs half a microsecond here
MOST: Final = {
    1: (10_000, "types"),
    2: (10_000, "imports"),
    3: (100_000, "functions"),
    6: (100_000, "globals"),
    7: (100_000, "exports"),
    9: (100_000, "element segments"),
    11: (100_000, "data segments"),
}
_TYPES: Final = 1
_CODE: Final = 10
_FUNCTION: Final = 0x60
_VALUES: Final = b"\x7f\x7e\x7d\x7c\x7b\x70\x6f"  # the types that are on here, each of one byte


def check(wasm: bytes) -> None:
    """Refuse a module that declares more than any toolchain does.

    Says nothing of whether it is valid: where it cannot be read on, that is left to the compiler, which says why.

    Raises:
        PackageError: `too_complex`; `invalid_module` when its outline is broken.
    """
    groups = 0
    for section in sections(wasm):
        if section.id in MOST and section.size:
            most, what = MOST[section.id]
            count, _ = read_number(wasm, section.start)
            if count > most:
                _refuse(f"{count} {what}, of at most {most}")
        if section.id == _TYPES:
            _check_types(wasm, section)
        elif section.id == _CODE:
            groups = _check_code(wasm, section, groups)


def _check_types(wasm: bytes, section: Section) -> None:
    end = section.start + section.size
    count, at = read_number(wasm, section.start) if section.size else (0, end)
    for _ in range(count):
        if at >= end or wasm[at] != _FUNCTION:
            return
        at += 1
        values = 0
        for _side in range(2):
            size, at = read_number(wasm, at)
            values += size
            if values > MOST_VALUES:
                _refuse(f"a function of {values} parameters and results, of at most {MOST_VALUES}")
            if wasm[at : at + size].strip(_VALUES):
                return  # a type of more bytes than one, which is off: what follows is not where it seems to be
            at += size


def _check_code(wasm: bytes, section: Section, groups: int) -> int:
    """Check each function's size and its declared variables; gives how many groups of them there are by now."""
    end = section.start + section.size
    count, at = read_number(wasm, section.start) if section.size else (0, end)
    for _ in range(min(count, MOST[3][0])):  # each is declared before: more are no valid module
        if at >= end:
            break
        size, start = read_number(wasm, at)
        at = start + size
        if size > MOST_BODY:
            _refuse(f"a function of {format_size(size)}, of at most {format_size(MOST_BODY)}")
        if not 0 < size <= end - start:
            break
        groups += _check_locals(wasm, start, at)
        if groups > MOST_GROUPS:
            _refuse(f"more than {MOST_GROUPS} groups of local variables")
    return groups


def _check_locals(wasm: bytes, at: int, end: int) -> int:
    groups, at = read_number(wasm, at)
    if groups > MOST_LOCALS:
        _refuse(f"a function of {groups} groups of local variables, of at most {MOST_LOCALS}")
    declared = 0
    for _ in range(groups):
        count, at = read_number(wasm, at)
        declared += count
        if declared > MOST_LOCALS:
            _refuse(f"a function of {declared} local variables, of at most {MOST_LOCALS}")
        if at >= end or wasm[at] not in _VALUES:
            break  # as above
        at += 1
    return groups


def _refuse(found: str) -> NoReturn:
    raise PackageError(
        f"the module is too complex to be compiled here: it has {found}", code="too_complex",
        hint="no toolchain writes such a module; if yours does, split what it generates into smaller parts",
    )  # fmt: skip
