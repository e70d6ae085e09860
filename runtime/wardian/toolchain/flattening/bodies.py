"""The code of functions with other indices: what refers to nothing is copied as it is, in long runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from wardian.errors import BuildError
from wardian.sandbox import binary
from wardian.toolchain.flattening.leb import Reader

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wardian.toolchain.flattening.core import Core

_NUMBER: Final = rb"[\x80-\xff]*+[\x00-\x7f]"
_PLAIN: Final = re.compile(
    rb"(?>(?:"
    rb"[\x00\x01\x05\x0b\x0f\x1a\x1b\x45-\xc4\xd1]"  # nothing follows
    rb"|[\x02-\x04][\x40-\x7f]"  # a block whose type is a value, or nothing
    rb"|[\x0c\x0d\x20-\x22\x41\x42]" + _NUMBER +  # a label, a local, a constant
    rb"|[\x28-\x3e]" + _NUMBER + _NUMBER +  # memory: alignment and offset
    rb"|[\x3f\x40]\x00"
    rb"|\x43.{4}|\x44.{8}"
    rb"|\xfc(?:[\x00-\x07]|\x0a\x00\x00|\x0b\x00)"
    rb"|\xd0[\x40-\x7f]"
    rb")*)", re.DOTALL,
)  # fmt: skip
_CALL, _CALL_INDIRECT, _BR_TABLE, _SELECT = 0x10, 0x11, 0x0E, 0x1C
_GLOBALS: Final = (0x23, 0x24)
_TABLES: Final = (0x25, 0x26)
_BLOCKS: Final = (0x02, 0x03, 0x04)
_REF_FUNC: Final = 0xD2
_TABLE_OPERATIONS: Final = (0x0F, 0x10, 0x11)  # after 0xFC: grow, size, fill


class Renumbering:
    """What the indices of one module become; all but those of functions are written already."""

    def __init__(
        self, types: Sequence[int], functions: Sequence[int], tables: Sequence[int], globals_: Sequence[int]
    ) -> None:
        self.functions = functions
        self.types = [binary.number(each) for each in types]
        self.blocks = [binary.signed(each) for each in types]
        self.tables = [binary.number(each) for each in tables]
        self.globals = [binary.number(each) for each in globals_]


class Body:
    """The code of a function with other indices.

    Attributes:
        calls: the functions that it names.
    """

    __slots__ = ("_parts", "calls")

    def __init__(self, core: Core, begin: int, end: int, new: Renumbering) -> None:
        """Read it.

        Raises:
            BuildError: it has an instruction that is not known here.
        """
        data = core.data
        self.calls: list[int] = []  # each stands between two parts
        self._parts: list[bytes] = []
        reader = Reader(data, begin, end)
        for _ in range(reader.number()):  # groups of local variables: a number and a type of one byte each
            reader.number()
            reader.at += 1
        at, written = reader.at, [data[begin : reader.at]]
        while True:
            after = _PLAIN.match(data, at, end).end()  # type: ignore[union-attr] # it matches nothing at least
            if after > at:
                written.append(data[at:after])
            if after == end:
                break
            code, reader.at = data[after], after + 1
            if code in (_CALL, _REF_FUNC):
                written.append(data[after : after + 1])
                self._parts.append(b"".join(written))
                self.calls.append(new.functions[reader.number()])
                written = []
            else:
                written.append(_instruction(code, reader, new))
            at = reader.at
        self._parts.append(b"".join(written))

    def written(self, functions: Mapping[int, bytes]) -> bytes:
        """The body with its size before it, given what the functions that it names are called in the end."""
        pieces = [self._parts[0]]
        for function, part in zip(self.calls, self._parts[1:], strict=True):
            pieces += (functions[function], part)
        body = b"".join(pieces)
        return binary.number(len(body)) + body


def _instruction(code: int, reader: Reader, new: Renumbering) -> bytes:
    head = bytes((code,))
    if code in _GLOBALS:
        return head + new.globals[reader.number()]
    if code == _CALL_INDIRECT:
        return head + new.types[reader.number()] + new.tables[reader.number()]
    if code in _BLOCKS:
        return head + new.blocks[reader.signed()]
    if code in _TABLES:
        return head + new.tables[reader.number()]
    begun = reader.at
    if code == _BR_TABLE:
        for _ in range(reader.number() + 1):
            reader.number()
    elif code == _SELECT:
        for _ in range(reader.number()):
            reader.byte()
    elif code == 0xFC and reader.data[begun] in _TABLE_OPERATIONS:
        return head + bytes((reader.byte(),)) + new.tables[reader.number()]
    else:
        raise BuildError(f"a module of the component has an instruction that is not known here: {code:#04x}")
    return head + reader.data[begun : reader.at]
