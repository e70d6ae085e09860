"""A compiled module and what it says of itself: imports, exports, bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wardian.errors import PackageError
from wardian.sandbox import interface
from wardian.sandbox.faults import printable
from wardian.sandbox.interface import Export

if TYPE_CHECKING:
    import wasmtime

    from wardian.sandbox.engine import Settings
    from wardian.sandbox.interface import Import

_MOST_NAMES: Final = 20


@dataclass(frozen=True, slots=True, eq=False, repr=False)
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


def describe(wasm: bytes, raw: wasmtime.Module, settings: Settings, digest: str) -> Module:
    """What the module of these bytes says of itself, with its compiled form."""
    found = interface.read(wasm)
    exports = {export.name: export for export in found.exports}
    return Module(raw, settings, digest, len(found.tables), max(found.tables, default=0), found.imports, exports)


def listed(names: list[str]) -> str:
    """At most 20 of the names, printable, for an error's text."""
    shown = ", ".join(f"`{printable(name)}`" for name in names[:_MOST_NAMES])
    return shown if len(names) <= _MOST_NAMES else f"{shown} and {len(names) - _MOST_NAMES} more"
