"""Changes chosen instructions of a function's body, found without validating the rest of it."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from wardian.sandbox import binary

if TYPE_CHECKING:
    from collections.abc import Callable

LEB: Final = rb"[\x80-\xff]*+[\x00-\x7f]"
# One instruction, by the kinds of its immediates (https://webassembly.github.io/spec/core/binary/instructions.html),
# for the proposals that are on. `br_table` and a typed `select` are left out: their length is counted.
_ONE: Final = (
    rb"(?:[\x00\x01\x05\x0b\x0f\x1a\x1b\x45-\xc4\xd1]"
    rb"|[\x02-\x04\x0c\x0d\x10\x20-\x26\x3f\x41\x42\xd0\xd2]" + LEB + rb"|[\x11\x28-\x3e]" + LEB + LEB +
    rb"|\x40\x00|\x43[\x00-\xff]{4}|\x44[\x00-\xff]{8}"
    rb"|\xfc(?:[\x00-\x07]|[\x09\x0b\x0d\x0f-\x11]" + LEB + rb"|[\x08\x0a\x0c\x0e]" + LEB + LEB + rb")"
    rb"|\xfd(?:[\x00-\x0b]" + LEB + LEB + rb"|[\x0c\x0d][\x00-\xff]{16}|[\x15-\x22][\x00-\xff]"
    rb"|[\x54-\x5b]" + LEB + LEB + rb"[\x00-\xff]|[\x5c\x5d]" + LEB + LEB +
    rb"|[\x0e-\x14\x23-\x53\x5e-\x7f]|[\x80-\xff]\x01))"
)  # fmt: skip
_BR_TABLE: Final = 0x0E
_SELECT: Final = 0x1C


def bodies(code: bytes) -> list[bytes]:
    """The bodies of a code section's functions, without their sizes.

    Raises:
        PackageError, ValueError: the section ends before they do.
    """
    count, at = binary.read_number(code, 0)
    found = []
    for _ in range(count):
        size, start = binary.read_number(code, at)
        at = start + size
        if at > len(code):
            raise ValueError("the code section ends within a function")
        found.append(code[start:at])
    return found


def section(functions: list[bytes]) -> bytes:
    """The code section of these bodies."""
    sized = [piece for body in functions for piece in (binary.number(len(body)), body)]
    return b"".join([binary.number(len(functions)), *sized])


def changed(body: bytes, wanted: bytes, change: Callable[[bytes], bytes]) -> bytes | None:
    """The body with each instruction that `wanted` matches replaced by what `change` makes of it.

    `wanted` is a pattern of whole instructions, immediates included. None where something unknown stands in the body,
    behind which nothing can be found.

    Raises:
        PackageError, IndexError: the body ends within an instruction.
    """
    groups, at = binary.read_number(body, 0)
    for _ in range(groups):
        _, at = binary.read_number(body, at)
        at += 1  # the type
    pieces, copied = [], 0
    others, hits = _patterns(wanted)
    while True:
        run = others.match(body, at)
        at = run.end() if run else at
        if at == len(body):
            break
        if hit := hits.match(body, at):
            pieces += [body[copied:at], change(hit[0])]
            at = copied = hit.end()
        elif body[at] == _BR_TABLE:  # so many labels, and one more
            labels, at = binary.read_number(body, at + 1)
            for _ in range(labels + 1):
                _, at = binary.read_number(body, at)
        elif body[at] == _SELECT:
            types, at = binary.read_number(body, at + 1)
            at += types
        else:
            return None
    return b"".join([*pieces, body[copied:]])


@cache  # made when first asked for: 2 ms of every start, for those who compile something
def _patterns(wanted: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    return re.compile(b"(?>(?:(?!" + wanted + b")" + _ONE + b")*)"), re.compile(wanted)
