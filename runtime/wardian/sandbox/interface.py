"""What a module imports and exports, read from its own bytes.

The engine's C API ends the process when it is asked for a function's type that holds a vector (`v128`), which any guest
may import or export. The bytes are read after the engine has found them valid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from wardian.errors import PackageError
from wardian.sandbox.binary import read_number, sections

_VALUES: Final = {
    0x7F: "i32", 0x7E: "i64", 0x7D: "f32", 0x7C: "f64", 0x7B: "v128", 0x70: "funcref", 0x6F: "externref",
}  # fmt: skip
_KINDS: Final = ("func", "table", "memory", "global", "tag")
_FUNCTION: Final = 0x60

Type = tuple[tuple[str, ...], tuple[str, ...]]
Bounds = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class Import:
    """What a module needs: `kind` is `func`, `memory`, `table`, `global` or `tag`; types only for functions."""

    module: str
    name: str
    kind: str
    params: tuple[str, ...] = ()
    results: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Export:
    """What a module offers: like `Import`, with the bounds of a memory in pages or of a table in elements."""

    name: str
    kind: str
    params: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Interface:
    """Both sides of a module.

    Attributes:
        imports: what it needs, in its order.
        exports: what it offers, in its order.
        tables: with how many elements each table begins that the module defines, exported or not.
    """

    imports: tuple[Import, ...]
    exports: tuple[Export, ...]
    tables: tuple[int, ...]


def read(wasm: bytes) -> Interface:
    """The imports and exports of a valid module.

    Raises:
        PackageError: it is not valid after all, or uses what is off here.
    """
    try:
        return _Reader(wasm).read()
    except (IndexError, KeyError, UnicodeDecodeError) as error:
        raise PackageError(f"what the module imports and exports cannot be read: {error!r}") from None


class _Reader:
    """Goes through a module from its first section to its last."""

    def __init__(self, wasm: bytes) -> None:
        self._wasm = wasm
        self._at = 0
        self._starts = {section.id: section.start for section in sections(wasm) if section.id}

    def read(self) -> Interface:
        types = [self._type() for _ in self._items(1)]
        imports: list[Import] = []
        functions: list[Type] = []
        tables: list[Bounds] = []
        memories: list[Bounds] = []
        for _ in self._items(2):
            module, name, kind = self._name(), self._name(), _KINDS[self._byte()]
            params, results = ((), ()) if kind != "func" else types[self._number()]
            imports.append(Import(module, name, kind, params, results))
            if kind == "func":
                functions.append((params, results))
            elif kind == "table":
                tables.append(self._table())
            elif kind == "memory":
                memories.append(self._bounds())
            else:
                self._at += 2  # a global's type and whether it changes, or a tag's attribute and small index
        imported = len(tables)
        functions += self._functions(types)
        tables += [self._table() for _ in self._items(4)]
        memories += [self._bounds() for _ in self._items(5)]
        exports: list[Export] = []
        for _ in self._items(7):
            name, kind, index = self._name(), _KINDS[self._byte()], self._number()
            params, results = functions[index] if kind == "func" else ((), ())
            bounded = {"table": tables, "memory": memories}.get(kind)
            least, most = (0, None) if bounded is None else bounded[index]
            exports.append(Export(name, kind, params, results, least, most))
        return Interface(tuple(imports), tuple(exports), tuple(least for least, _ in tables[imported:]))

    def _functions(self, types: list[Type]) -> list[Type]:
        count = len(self._items(3))
        indices = self._wasm[self._at : self._at + count]
        if indices.isascii():  # each is one byte then, which is most of the time of a load from the cache
            return [types[index] for index in indices]
        return [types[self._number()] for _ in range(count)]

    def _items(self, section: int) -> range:
        start = self._starts.get(section)
        if start is None:
            return range(0)
        self._at = start
        return range(self._number())

    def _byte(self) -> int:
        byte = self._wasm[self._at]
        self._at += 1
        return byte

    def _number(self) -> int:
        number, self._at = read_number(self._wasm, self._at)
        return number

    def _name(self) -> str:
        length = self._number()
        self._at += length
        return self._wasm[self._at - length : self._at].decode()

    def _type(self) -> Type:
        if self._byte() != _FUNCTION:
            raise PackageError("the module has types that are no functions", code="unsupported_feature")
        return self._values(), self._values()

    def _values(self) -> tuple[str, ...]:
        return tuple(_VALUES[self._byte()] for _ in range(self._number()))

    def _table(self) -> Bounds:
        self._at += 1  # the type of its elements
        return self._bounds()

    def _bounds(self) -> Bounds:
        has_most = self._byte() & 1
        return self._number(), self._number() if has_most else None
