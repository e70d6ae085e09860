"""`Core`: a core module taken apart, as far as merging it with others needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from wardian.errors import BuildError
from wardian.toolchain.flattening.leb import Reader

FUNCTION, TABLE, MEMORY, GLOBAL = range(4)  # the sorts of what is imported and exported, in the numbers of the format
_I32_CONST: Final = 0x41
_I64_CONST: Final = 0x42
_I32_ADD: Final = 0x6A
_GLOBAL_GET: Final = 0x23
_END: Final = 0x0B
_WIDTHS: Final = {0x43: 4, 0x44: 8}  # constants that are floats


@dataclass(frozen=True, slots=True)
class Import:
    """What a module imports; `type` is the number of a function's type, and the written type of all else."""

    module: str
    name: str
    sort: int
    type: int | bytes


@dataclass(frozen=True, slots=True)
class Constant:
    """A number that is known when the module is instantiated: `value`, and what the global `base` has, if that is one.

    `written` is how it stands in the binary.
    """

    value: int
    base: int | None
    written: bytes


@dataclass(frozen=True, slots=True)
class Elements:
    """Functions that are put into a table when the module is instantiated."""

    table: int
    offset: Constant
    functions: tuple[int, ...]


@dataclass(slots=True)
class Core:
    """A core module: what stands in its sections; each index counts what is imported first.

    Attributes:
        types: each function type, as it is written.
        imports: what it imports.
        functions: the type of each function of its own.
        tables: each table of its own, as it is written.
        memories: likewise.
        globals: type and first value of each global of its own.
        exports: what it exports: name → sort and index.
        elements: functions that it puts into tables.
        bodies: where the code of each function of its own begins and ends, in `data`.
        segments: what it puts into its memory: where, and which bytes.
        data: the binary.
    """

    data: bytes
    types: list[bytes] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)
    functions: list[int] = field(default_factory=list)
    tables: list[bytes] = field(default_factory=list)
    memories: list[bytes] = field(default_factory=list)
    globals: list[tuple[bytes, Constant]] = field(default_factory=list)
    exports: dict[str, tuple[int, int]] = field(default_factory=dict)
    elements: list[Elements] = field(default_factory=list)
    bodies: list[tuple[int, int]] = field(default_factory=list)
    segments: list[tuple[Constant, bytes]] = field(default_factory=list)

    def imported(self, sort: int) -> list[Import]:
        """What it imports of one sort, in the order of the indices."""
        return [each for each in self.imports if each.sort == sort]


def read(data: bytes) -> Core:
    """Take a core module apart.

    Raises:
        BuildError: it has what no module has that `componentize-py` makes.
    """
    core = Core(data)
    reader = Reader(data, 8, len(data))
    while reader.at < reader.end:
        kind, size = reader.byte(), reader.number()
        part = Reader(data, reader.at, reader.at + size)
        reader.at += size
        if kind in _READERS:
            for _ in range(part.number()):
                _READERS[kind](core, part)
        elif kind not in (0, 12):  # custom sections say nothing that matters here, nor does the number of segments
            raise BuildError(f"a module of the component has a section that is not known here: {kind}")
    return core


def _type(core: Core, part: Reader) -> None:
    begun = part.at
    if part.byte() != 0x60:
        raise BuildError("a module of the component has a type that is no function")
    for _ in range(2):
        size = part.number()
        part.at += size
    core.types.append(part.data[begun : part.at])


def _limits(part: Reader) -> bytes:
    begun = part.at
    for _ in range(2 if part.byte() & 1 else 1):
        part.number()
    return part.data[begun : part.at]


def _table(part: Reader) -> bytes:
    kind = bytes([part.byte()])
    return kind + _limits(part)


def _import(core: Core, part: Reader) -> None:
    module, name, sort = part.name(), part.name(), part.byte()
    kind: int | bytes
    if sort == FUNCTION:
        kind = part.number()
    elif sort == TABLE:
        kind = _table(part)
    elif sort == MEMORY:
        kind = _limits(part)
    else:
        kind = bytes([part.byte(), part.byte()])
    core.imports.append(Import(module, name, sort, kind))


def _constant(part: Reader) -> Constant:
    begun, value, base = part.at, 0, None
    while (kind := part.byte()) != _END:
        if kind == _I32_CONST:
            value += part.signed()
        elif kind == _GLOBAL_GET and base is None:
            base = part.number()
        elif kind in _WIDTHS:
            part.at += _WIDTHS[kind]
        elif kind == _I64_CONST:
            part.signed()
        elif kind != _I32_ADD:
            raise BuildError(f"a module of the component has a constant that is not known here: {kind:#04x}")
    return Constant(value, base, part.data[begun : part.at])


def _function(core: Core, part: Reader) -> None:
    core.functions.append(part.number())


def _own_table(core: Core, part: Reader) -> None:
    core.tables.append(_table(part))


def _memory(core: Core, part: Reader) -> None:
    core.memories.append(_limits(part))


def _global(core: Core, part: Reader) -> None:
    kind = bytes([part.byte(), part.byte()])
    core.globals.append((kind, _constant(part)))


def _export(core: Core, part: Reader) -> None:
    name = part.name()
    core.exports[name] = (part.byte(), part.number())


def _elements(core: Core, part: Reader) -> None:
    form = part.number()
    if form not in (0, 2):
        raise BuildError(f"a module of the component has elements in a form that is not known here: {form}")
    table = part.number() if form == 2 else 0
    offset = _constant(part)
    if form == 2 and part.byte() != 0:
        raise BuildError("a module of the component has elements that are no functions")
    core.elements.append(Elements(table, offset, tuple(part.number() for _ in range(part.number()))))


def _body(core: Core, part: Reader) -> None:
    size = part.number()
    core.bodies.append((part.at, part.at + size))
    part.at += size


def _segment(core: Core, part: Reader) -> None:
    if part.number() != 0:
        raise BuildError("a module of the component has data in a form that is not known here")
    core.segments.append((_constant(part), part.bytes()))


_READERS: Final = {
    1: _type, 2: _import, 3: _function, 4: _own_table, 5: _memory, 6: _global, 7: _export, 9: _elements, 10: _body,
    11: _segment,
}  # fmt: skip
