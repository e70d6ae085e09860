"""The plugins of files and folders, each as it describes itself; none of them runs, and a broken one hides no other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from wardian.errors import LimitExceeded, PackageError
from wardian.package.manifest import KINDS
from wardian.package.version import Version
from wardian.plugins import inspection
from wardian.sandbox.faults import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from wardian.package.manifest import Symbol
    from wardian.plugins.inspection import Inspection
    from wardian.plugins.runtime import Runtime
    from wardian.policy import Limits

_SUFFIX: Final = ".wasm"
_MOST: Final = 10_000  # modules of one listing


@dataclass(frozen=True, slots=True)
class Parameter:
    """One key of a symbol's configuration.

    Attributes:
        name: the key.
        default: what it is where nobody sets it, or None.
        has_default: whether the package says a default.
        description: what its schema says of it, or an empty text.
    """

    name: str
    default: Any
    has_default: bool
    description: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that can be used.

    Attributes:
        kind: one of the kinds of plugin, or an empty text for a module that is of none.
        name: the symbol's, or the file's where the module describes none.
        package: `organization/name`, or an empty text.
        version: the package's, or an empty text.
        description: the symbol's own, or that of its package, or an empty text.
        parameters: of its configuration, in the order of its schema.
        sections: the names of its sections of configuration.
        file: where the module is.
        digest: sha256 of the module, in hex.
    """

    kind: str
    name: str
    package: str
    version: str
    description: str
    parameters: tuple[Parameter, ...]
    sections: tuple[str, ...]
    file: str
    digest: str


@dataclass(frozen=True, slots=True)
class Broken:
    """A module that is no plugin, with what is wrong with it."""

    file: str
    error: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What there is.

    Attributes:
        items: by kind, and within that by name, package, version and file.
        broken: what cannot be loaded.
        conflicts: a sentence for each name and version under which two packages differ.
    """

    items: tuple[Item, ...]
    broken: tuple[Broken, ...]
    conflicts: tuple[str, ...]


def listing(runtime: Runtime, paths: Iterable[str | Path], limits: Limits | None = None) -> Listing:
    """List modules, and the `.wasm` files of folders, at any depth. Each is compiled, and none runs.

    Raises:
        PackageError: `not_found`: there is no such file or folder; `unreadable`: there are more than 10,000 modules.
        WardianError: `busy` or `closed`, as of `Runtime.compile`: that is no fault of a plugin.
    """
    items: list[Item] = []
    broken: list[Broken] = []
    for path in _modules(paths):
        try:
            found = inspection.inspect(runtime, path, limits)
        except (PackageError, LimitExceeded) as error:
            broken.append(Broken(str(path), error.message))
            continue
        if found.transport is None:
            broken.append(Broken(str(path), found.reason))
        else:
            items += _items(found, path)
    items.sort(key=lambda item: (_place(item.kind), item.name, item.package, _version(item), item.file))
    return Listing(tuple(items), tuple(broken), tuple(_conflicts(items)))


def _modules(paths: Iterable[str | Path]) -> list[Path]:
    found: dict[Path, None] = {}  # each once, in the order in which they were named
    for given in map(Path, paths):
        path = given.expanduser()
        if path.is_dir():
            # A link to a folder is not followed: it could lead into a ring.
            found.update(dict.fromkeys(each for each in sorted(path.rglob(f"*{_SUFFIX}")) if each.is_file()))
        elif path.exists():
            found[path] = None
        else:
            raise PackageError(
                "there is no such file or folder", code="not_found", where=str(given), hint="is the path right?"
            )
        if len(found) > _MOST:
            raise PackageError(
                f"there are more than {_MOST:,} modules", code="unreadable", where=str(given),
                hint="name a folder with fewer",
            )  # fmt: skip
    return list(found)


def _items(found: Inspection, path: Path) -> list[Item]:
    package = found.package
    if package is None:
        kinds = found.kinds or ("",)
        return [Item(kind, path.stem, "", "", "", (), (), str(path), found.digest) for kind in kinds]
    return [
        Item(
            symbol.kind, symbol.name, package.name, str(package.version), _description(symbol, package.description),
            _parameters(symbol), tuple(symbol.sections), str(path), found.digest,
        )
        for symbol in package.symbols
    ]  # fmt: skip


def _description(symbol: Symbol, otherwise: str) -> str:
    own = symbol.extra.get("description")
    return own if isinstance(own, str) and own else otherwise


def _parameters(symbol: Symbol) -> tuple[Parameter, ...]:
    known = (symbol.schema or {}).get("properties")
    schemas: Mapping[Any, Any] = known if isinstance(known, dict) else {}
    names = dict.fromkeys([*(each for each in schemas if isinstance(each, str)), *symbol.defaults])
    return tuple(
        Parameter(name, symbol.defaults.get(name), name in symbol.defaults, _said(schemas.get(name))) for name in names
    )


def _said(schema: object) -> str:
    said = schema.get("description") if isinstance(schema, dict) else None
    return said if isinstance(said, str) else ""


def _version(item: Item) -> Version:
    return Version.parse(item.version or "0.0.0")


def _place(kind: str) -> int:
    return KINDS.index(kind) if kind in KINDS else len(KINDS)


def _conflicts(items: Iterable[Item]) -> Iterable[str]:
    """Two files of one package and version that are not the same file: nobody could say which one is meant."""
    first: dict[tuple[str, str], Item] = {}
    told: set[tuple[str, str]] = set()
    for item in sorted(items, key=lambda each: each.file):
        if not item.package:
            continue
        one = first.setdefault((item.package, item.version), item)
        if one.digest != item.digest and (item.file, one.file) not in told:
            told.add((item.file, one.file))
            yield (f"`{printable(f'{item.package} {item.version}')}` is {_file(one)}, and another one is {_file(item)}")


def _file(item: Item) -> str:
    return f"{printable(item.file)} (sha256 {item.digest[:12]})"
