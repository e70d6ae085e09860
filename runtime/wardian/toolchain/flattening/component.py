"""`Component`: the core modules of a component, and how they are joined."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from wardian.errors import BuildError
from wardian.toolchain.flattening import core
from wardian.toolchain.flattening.leb import Reader

if TYPE_CHECKING:
    from collections.abc import Mapping

MAGIC: Final = b"\0asm\x0d\0\x01\0"
_CORE_SORTS: Final = (core.FUNCTION, core.TABLE, core.MEMORY, core.GLOBAL)


@dataclass(frozen=True, slots=True)
class Made:
    """An instance of a core module: each name that the module imports from, with the instance that stands for it."""

    module: int
    arguments: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Bundle:
    """An instance that is only a collection: name → sort and index of what the component has of that sort."""

    exports: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Taken:
    """What an instance exports by this name."""

    instance: int
    name: str


@dataclass(frozen=True, slots=True)
class Lowered:
    """The imported function of the component, as its core modules call it."""

    function: int


@dataclass(slots=True)
class Component:
    """What a component holds of core modules.

    Attributes:
        modules: the binaries.
        instances: what is made of them, in this order.
        items: of each core sort, what is there, in the order of the indices.
        lifted: the exported functions: for each, the core function and the options as sort and index.
    """

    modules: list[bytes] = field(default_factory=list)
    instances: list[Made | Bundle] = field(default_factory=list)
    items: dict[int, list[Taken | Lowered]] = field(default_factory=lambda: {sort: [] for sort in _CORE_SORTS})


def read(data: bytes) -> Component:
    """Take a component apart.

    Raises:
        BuildError: it is none, or has what no component has that `componentize-py` makes.
    """
    if data[:8] != MAGIC:
        raise BuildError("componentize-py made no component")
    component = Component()
    reader = Reader(data, 8, len(data))
    while reader.at < reader.end:
        kind, size = reader.byte(), reader.number()
        part = Reader(data, reader.at, reader.at + size)
        reader.at += size
        if kind == 1:
            component.modules.append(data[part.at : part.end])
        elif kind in _READERS:
            for _ in range(part.number()):
                _READERS[kind](component, part)
    return component


def _instance(component: Component, part: Reader) -> None:
    if part.byte() == 0:
        module, arguments = part.number(), {}
        for _ in range(part.number()):
            name = part.name()
            part.byte()  # always an instance
            arguments[name] = part.number()
        component.instances.append(Made(module, arguments))
        return
    exports = {}
    for _ in range(part.number()):
        name = part.name()
        exports[name] = (part.byte(), part.number())
    component.instances.append(Bundle(exports))


def _alias(component: Component, part: Reader) -> None:
    sort = part.byte()
    if sort == 0:
        sort = part.byte() | 0x100  # a core sort
    target = part.byte()
    if target == 2:  # of an enclosing component
        part.number(), part.number()
        return
    instance, name = part.number(), part.name()
    if target == 1:
        component.items[sort & 0xFF].append(Taken(instance, name))


def _canonical(component: Component, part: Reader) -> None:
    kind = part.byte()
    if kind == 0:  # lift
        part.byte(), part.number()
        _options(part)
        part.number()
    elif kind == 1:  # lower
        part.byte()
        component.items[core.FUNCTION].append(Lowered(part.number()))
        _options(part)
    else:
        raise BuildError(f"the component has a canonical function that is not known here: {kind}")


def _options(part: Reader) -> None:
    for _ in range(part.number()):
        if part.byte() in (3, 4, 5, 7):  # memory, realloc, post-return, callback
            part.number()


_READERS: Final = {2: _instance, 6: _alias, 8: _canonical}
