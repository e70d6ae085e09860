"""`merge`: the core modules of a component as one module, whose face to the host is a module of ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wardian.errors import BuildError
from wardian.sandbox import binary
from wardian.sandbox.binary import MAGIC
from wardian.toolchain.flattening import bodies, component, core, leb
from wardian.toolchain.flattening.component import Bundle, Lowered, Made

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from wardian.toolchain.flattening.core import Constant, Core, Import

INNER: Final = "component"  # the face imports from this module what the component's modules export
ASK: Final = "ask"  # the face's export that stands for the only function that the component imports
_SORTS: Final = (core.FUNCTION, core.TABLE, core.MEMORY, core.GLOBAL)
_SHIM: Final = "$imports"  # the table through which a component calls what it cannot have when its modules are made


@dataclass(frozen=True, slots=True)
class _Own:
    """What one unit defines: the unit's number, and the index among what it defines of that sort."""

    unit: int
    index: int


@dataclass(frozen=True, slots=True)
class _Outer:
    """What the merged module imports: its number among those."""

    index: int


_Target = _Own | _Outer


def merge(wasm: bytes, face: bytes) -> bytes:
    """One core module with everything that the component's modules have.

    Args:
        wasm: the component, which has run its start already, and imports one function.
        face: a module that imports from `component` what it needs of the component, and all else from the host. It
            exports `ask`, which the component calls, and `wasi:… name` for what stands in for functions of WASI;
            everything else that it exports is exported by the merged module.

    Raises:
        BuildError: the component has what none has that `componentize-py` makes.
    """
    return _Merger(component.read(wasm), core.read(face)).write()


def _live(exported: Sequence[int], pointed_to: Sequence[int], code: Sequence[bodies.Body], first: int) -> list[int]:
    """The functions that something can call, in their order; what only the start needed is not among them."""
    live: set[int] = set()
    waiting = [*exported, *pointed_to]
    while waiting:
        function = waiting.pop()
        if function >= first and function not in live:
            live.add(function)
            waiting += code[function - first].calls
    return sorted(live)


class _Merger:
    def __init__(self, parts: component.Component, face: Core) -> None:
        self.parts = parts
        self.cores = [core.read(each) for each in parts.modules]
        self.units: list[Core] = []
        self.unit_of: dict[int, int] = {}  # the instance → the unit
        self.made: list[Made] = []  # of each unit of the component, the instance
        for number, instance in enumerate(parts.instances):
            if isinstance(instance, Made) and not self._is_shim(self.cores[instance.module]):
                self.unit_of[number] = len(self.units)
                self.units.append(self.cores[instance.module])
                self.made.append(instance)
        self.face = len(self.units)
        self.units.append(face)
        self.outer = [each for each in face.imports if each.module != INNER]
        self._late = self._late_functions()

    def write(self) -> bytes:
        """The merged module."""
        types: dict[bytes, int] = {}
        type_maps = [[types.setdefault(each, len(types)) for each in unit.types] for unit in self.units]
        firsts = self._firsts()
        maps = [
            {
                sort: [
                    *(self._index(self._imported(number, each), sort, firsts) for each in unit.imported(sort)),
                    *(firsts[sort][number] + at for at in range(self._count(unit, sort))),
                ]
                for sort in _SORTS
            }
            for number, unit in enumerate(self.units)
        ]
        kinds: list[bytes] = []  # of each function that a unit defines, the type
        code: list[bodies.Body] = []
        elements: list[tuple[bytes, list[int]]] = []
        values, segments = [], []
        for number, unit in enumerate(self.units):
            new = bodies.Renumbering(type_maps[number], *(maps[number][sort] for sort in (0, 1, 3)))
            kinds += [new.types[each] for each in unit.functions]
            code += [bodies.Body(unit, begin, end, new) for begin, end in unit.bodies]
            for each in unit.elements:
                if maps[number][core.TABLE][each.table] != 0:
                    raise BuildError("a module of the component has a table of its own")
                elements.append((self._constant(number, each.offset), [new.functions[at] for at in each.functions]))
            values += [kind + self._constant(number, first) for kind, first in unit.globals]
            segments += [
                b"\0" + self._constant(number, at) + binary.number(len(content)) + content
                for at, content in unit.segments
            ]
        exports = {
            name: (sort, maps[self.face][sort][index])
            for name, (sort, index) in self.units[self.face].exports.items()
            if name != ASK and not name.startswith("wasi:")
        }
        live = _live(
            [index for sort, index in exports.values() if sort == core.FUNCTION],
            [each for _, functions in elements for each in functions], code, len(self.outer),
        )  # fmt: skip
        final = dict(enumerate(binary.number(each) for each in range(len(self.outer)))) | {
            old: binary.number(len(self.outer) + at) for at, old in enumerate(live)
        }
        own = [each - len(self.outer) for each in live]
        imports = [
            leb.name(each.module) + leb.name(each.name) + b"\0" + binary.number(type_maps[self.face][int(each.type)])
            for each in self.outer
        ]
        return MAGIC + b"".join(
            binary.section(kind, leb.vector(items))
            for kind, items in (
                (1, types), (2, imports), (3, [kinds[each] for each in own]), (4, self._all("tables")),
                (5, self._all("memories")), (6, values),
                (7, [
                    leb.name(name) + bytes([sort]) + (binary.number(index) if sort else final[index])
                    for name, (sort, index) in exports.items()
                ]),
                (9, [b"\0" + at + leb.vector(final[each] for each in functions) for at, functions in elements]),
                (10, [code[each].written(final) for each in own]), (11, segments),
            )
        )  # fmt: skip

    def _all(self, what: str) -> Iterable[bytes]:
        return [each for unit in self.units for each in getattr(unit, what)]

    def _firsts(self) -> dict[int, list[int]]:
        """For each sort, the index that the first of what each unit defines comes to have."""
        firsts: dict[int, list[int]] = {}
        for sort in _SORTS:
            at = len(self.outer) if sort == core.FUNCTION else 0
            firsts[sort] = []
            for unit in self.units:
                firsts[sort].append(at)
                at += self._count(unit, sort)
        return firsts

    @staticmethod
    def _count(unit: Core, sort: int) -> int:
        return len((unit.functions, unit.tables, unit.memories, unit.globals)[sort])

    @staticmethod
    def _index(target: _Target, sort: int, firsts: dict[int, list[int]]) -> int:
        return target.index if isinstance(target, _Outer) else firsts[sort][target.unit] + target.index

    # Who stands behind a name

    def _imported(self, unit: int, wanted: Import) -> _Target:
        face = self.units[self.face].exports
        if unit == self.face:
            return self._anywhere(wanted) if wanted.module == INNER else _Outer(self.outer.index(wanted))
        stand_in = f"{wanted.module.partition('@')[0]} {wanted.name}"
        if wanted.module.startswith("wasi:") and stand_in in face:
            return self._of_face(stand_in)
        return self._exported(self.made[unit].arguments[wanted.module], wanted.name)

    def _exported(self, number: int, name: str) -> _Target:
        instance = self.parts.instances[number]
        if isinstance(instance, Bundle):
            sort, index = instance.exports[name]
            item = self.parts.items[sort][index]
            if isinstance(item, Lowered):
                if item.function != 0:
                    raise BuildError("the component imports more than one function")
                return self._of_face(ASK)
            return self._exported(item.instance, item.name)
        module = self.cores[instance.module]
        if self._is_shim(module):
            return self._late[name]
        sort, index = module.exports[name]
        return self._own(self.unit_of[number], sort, index)

    def _own(self, unit: int, sort: int, index: int) -> _Target:
        imported = self.units[unit].imported(sort)
        if index < len(imported):
            return self._imported(unit, imported[index])
        return _Own(unit, index - len(imported))

    def _of_face(self, name: str) -> _Target:
        sort, index = self.units[self.face].exports[name]
        return self._own(self.face, sort, index)

    def _anywhere(self, wanted: Import) -> _Target:
        """What some module of the component exports by this name."""
        for unit, module in enumerate(self.units[: self.face]):
            if wanted.name in module.exports:
                sort, index = module.exports[wanted.name]
                if sort == wanted.sort:
                    return self._own(unit, sort, index)
        raise BuildError(f"no module of the component exports `{wanted.name}`")

    @staticmethod
    def _is_shim(module: Core) -> bool:
        return _SHIM in module.exports or any(each.name == _SHIM for each in module.imports)

    def _late_functions(self) -> dict[str, _Target]:
        """The functions of the shim, each by its name there: what is put into its table in the end."""
        found: dict[str, _Target] = {}
        for instance in self.parts.instances:
            if isinstance(instance, Made) and any(each.name == _SHIM for each in self.cores[instance.module].imports):
                functions = self.cores[instance.module].imported(core.FUNCTION)
                for each in self.cores[instance.module].elements:
                    for at, function in enumerate(each.functions):
                        wanted = functions[function]
                        found[str(each.offset.value + at)] = self._exported(
                            instance.arguments[wanted.module], wanted.name
                        )
        return found

    # Constants

    def _constant(self, unit: int, given: Constant) -> bytes:
        if given.base is None:
            return given.written
        return b"\x41" + binary.signed(self._value(unit, given)) + b"\x0b"

    def _value(self, unit: int, given: Constant) -> int:
        """The number that a constant stands for, whatever global of another module it begins with."""
        if given.base is None:
            return given.value
        target = self._own(unit, core.GLOBAL, given.base)
        if isinstance(target, _Outer):
            raise BuildError("a module of the component begins at a number that only the host knows")
        _, first = self.units[target.unit].globals[target.index]
        return given.value + self._value(target.unit, first)
