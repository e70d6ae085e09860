"""A compiled module and what it says of itself: imports, exports, bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import wasmtime

from wardian.errors import PackageError
from wardian.sandbox import growth
from wardian.sandbox.faults import printable

if TYPE_CHECKING:
    from wardian.sandbox.engine import Settings

_MOST_NAMES: Final = 20


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
class Module:
    """A module compiled for engines of its settings.

    Attributes:
        raw: the engine's own object.
        settings: how it was compiled.
        digest: sha256 of the wasm, in hex.
        tables: how many tables it defines, exported or not.
        elements: how many elements the largest of them begins with.
        imports: what it needs, in its order.
        exports: what it offers, by name.
    """

    raw: wasmtime.Module
    settings: Settings
    digest: str
    tables: int
    elements: int
    imports: tuple[Import, ...]
    exports: dict[str, Export]

    def function(self, name: str, params: tuple[str, ...], results: tuple[str, ...]) -> Export | None:
        """The exported function of this name, or None where there is none.

        Raises:
            PackageError: when it is there with another type, or is no function.
        """
        export = self.exports.get(name)
        if export is not None and (export.kind, export.params, export.results) != ("func", params, results):
            raise PackageError(
                f"export `{name}` is {signature(export)}, expected {signature(Export(name, 'func', params, results))}",
                code="abi_error", hint="the plugin's author has to export it with the type that the ABI gives",
            )  # fmt: skip
        return export


def signature(item: Import | Export) -> str:
    """The type as people write it, such as `func (i32, i32) -> i64`."""
    if item.kind != "func":
        return item.kind
    return f"func ({', '.join(item.params)}) -> ({', '.join(item.results)})"


def describe(raw: wasmtime.Module, settings: Settings, digest: str, tables: tuple[int, ...]) -> Module:
    """Read imports and exports of a compiled module, whose tables begin with so many elements each."""
    imports = tuple(_import(item) for item in raw.imports)
    exports = {export.name: export for export in map(_export, raw.exports) if export.name != growth.GLOBAL}
    return Module(raw, settings, digest, len(tables), max(tables, default=0), imports, exports)


def listed(names: list[str]) -> str:
    """At most 20 of the names, printable, for an error's text."""
    shown = ", ".join(f"`{printable(name)}`" for name in names[:_MOST_NAMES])
    return shown if len(names) <= _MOST_NAMES else f"{shown} and {len(names) - _MOST_NAMES} more"


def _import(item: wasmtime.ImportType) -> Import:
    kind, params, results = _kind(item.type)
    return Import(item.module, item.name or "", kind, params, results)


def _export(item: wasmtime.ExportType) -> Export:
    kind, params, results = _kind(item.type)
    if isinstance(item.type, (wasmtime.MemoryType, wasmtime.TableType)):
        limits = item.type.limits
        return Export(item.name, kind, least=limits.min, most=limits.max)
    return Export(item.name, kind, params, results)


def _kind(kind: object) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    if isinstance(kind, wasmtime.FuncType):
        return "func", tuple(map(str, kind.params)), tuple(map(str, kind.results))
    return type(kind).__name__.removesuffix("Type").lower(), (), ()
