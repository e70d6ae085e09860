"""What a module says of itself: read off it, without running any of it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from wardian.abi.contract import (
    ALLOC,
    APP_MODULE,
    ENTRY_POINTS,
    HOST_IMPORTS,
    HOST_MODULE,
    INITIALIZE,
    LIFECYCLE,
    MARKER,
    MARKER_PREFIX,
    PLUGIN_CLOSE,
    PLUGIN_OPEN,
    START,
    kinds_served,
)
from wardian.errors import PackageError, WardianError
from wardian.guests import reactor
from wardian.plugins import description
from wardian.plugins import origin as origins
from wardian.policy import Limits
from wardian.sandbox import binary, wasi
from wardian.sandbox.compiler import Compiler
from wardian.sandbox.module import signature

if TYPE_CHECKING:
    from pathlib import Path

    from wardian.package.manifest import Manifest
    from wardian.plugins.runtime import Runtime
    from wardian.sandbox.module import Module

Access = Literal["always", "granted", "optional", "function", "refused"]

PAGE: Final = 2**16  # bytes
_ENTRY: Final = ("func", ("i32", "i32"), ("i64",))
_WASI: Final = {"clock_": "clock", "random_": "random", "path_": "package", "fd_prestat_": "package"}


@dataclass(frozen=True, slots=True)
class Need:
    """One import.

    Attributes:
        name: as `module.name`.
        type: such as `func (i32, i32) -> (i64)`.
        capability: what it asks for, or None where it needs none.
        access: `always` there, there when `granted`, `optional` (there in any case, but of little use without the
            grant), a `function` of the application, or `refused` since nobody knows it.
    """

    name: str
    type: str
    capability: str | None
    access: Access


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry point, and the kinds of plugin that it serves; none for an entry point of its author's own."""

    name: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Size:
    """With how much a memory (in pages of 64 KiB) or a table (in elements) begins, and how far it may grow."""

    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class SectionSize:
    """One section: its name and the bytes of its content."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Inspection:
    """All of it.

    Attributes:
        where: the path, or what stands for it.
        size: bytes of the wasm, also where the text format was given.
        digest: sha256 of the wasm, in hex.
        transport: `reactor`, `command`, or None when it is neither and cannot be loaded.
        reason: why it is what it is.
        abi: the versions of the ABI that it marks itself with, such as `("wardian_abi_v1",)`.
        entries: what can be called, in the module's order; a command decides itself, and has none.
        kinds: the kinds of plugin that its entry points can serve.
        lifecycle: which of `plugin_open`, `plugin_check` and `plugin_close` it has.
        notes: what its author may have meant otherwise.
        imports: what it needs.
        memories: those it defines.
        tables: those it defines.
        starts: whether code runs as soon as there is an instance (a start section).
        sections: in the file's order.
        package: what its section `wardian:package` says, or None.
        package_fault: why that section cannot be read, or an empty text.
    """

    where: str
    size: int
    digest: str
    transport: Literal["reactor", "command"] | None
    reason: str
    abi: tuple[str, ...]
    entries: tuple[Entry, ...]
    kinds: tuple[str, ...]
    lifecycle: tuple[str, ...]
    notes: tuple[str, ...]
    imports: tuple[Need, ...]
    memories: tuple[Size, ...]
    tables: tuple[Size, ...]
    starts: bool
    sections: tuple[SectionSize, ...]
    package: Manifest | None
    package_fault: str

    def as_dict(self) -> dict[str, Any]:
        """The same as plain data, for JSON."""
        told = dataclasses.replace(self, package=None)
        return dataclasses.asdict(told) | {"package": self.package and self.package.to_value()}


def inspect(runtime: Runtime, source: str | Path | bytes, limits: Limits | None = None) -> Inspection:
    """Read a module: it is compiled, which proves it valid, but none of it runs.

    Raises:
        PackageError: it cannot be read, or is no module.
        LimitExceeded: it is too large, or costs too much to compile.
    """
    limits = limits or Limits()
    given = origins.read(source, limits.module)
    try:
        wasm = Compiler(None).parse_text(given.content, limits) if given.text else given.content
        module = runtime.compile(wasm, limits=limits)
    except WardianError as error:
        error.where = given.where
        raise
    return describe(given.where, wasm, module)


def callable_names(wasm: bytes) -> list[str]:
    """The exported functions that may be entry points; their types are not looked at, so this is quick.

    Raises:
        PackageError: the outline of the module is broken.
    """
    own = {ALLOC, INITIALIZE, START, PLUGIN_OPEN, PLUGIN_CLOSE}
    names = []
    for section in binary.sections(wasm):
        count, at = binary.read_number(wasm, section.start) if section.id == 7 else (0, 0)
        for _ in range(count):
            length, at = binary.read_number(wasm, at)
            name, kind = wasm[at : at + length].decode("utf-8", "replace"), wasm[at + length : at + length + 1]
            at = binary.read_number(wasm, at + length + 1)[1]
            if kind == b"\0" and name not in own and not name.startswith(MARKER_PREFIX):
                names.append(name)
    return names


def describe(where: str, wasm: bytes, module: Module) -> Inspection:
    """What the bytes and the compiled module say."""
    sections = binary.sections(wasm)
    package, fault = _package(wasm)
    transport, reason = (None, fault) if fault else _transport(module, package)
    entries = () if transport == "command" or MARKER not in module.exports else reactor.entries(module)
    return Inspection(
        where=where,
        size=len(wasm),
        digest=module.digest,
        transport=transport,
        reason=reason,
        abi=tuple(sorted(name for name in module.exports if name.startswith(MARKER_PREFIX))),
        entries=tuple(Entry(name, kinds_served(frozenset({name}))) for name in entries),
        kinds=kinds_served(frozenset(entries)),
        lifecycle=tuple(name for name in LIFECYCLE if name in module.exports),
        notes=_notes(module) if transport == "reactor" else (),
        imports=tuple(
            Need(f"{each.module}.{each.name}", signature(each), *_access(each.module, each.name))
            for each in module.imports
        ),
        memories=_sizes(wasm, sections, 5),
        tables=_sizes(wasm, sections, 4),
        starts=any(section.id == 8 for section in sections),
        sections=tuple(SectionSize(section.name, section.size) for section in sections),
        package=package,
        package_fault=fault,
    )


def _transport(module: Module, manifest: Manifest | None) -> tuple[Literal["reactor", "command"] | None, str]:
    spoken = description.transport(module, manifest)
    try:
        description.check(module, manifest)
    except PackageError as error:
        return None, "; ".join((error.message, *error.problems))
    if manifest is not None:
        return spoken, f"its package says so, and it exports `{START if spoken == 'command' else MARKER}`"
    if spoken == "command":
        return spoken, f"it exports `{START}` and no `{MARKER}`: it runs anew for each call"
    return spoken, f"it exports `{MARKER}`: one instance stays and is called"


def _package(wasm: bytes) -> tuple[Manifest | None, str]:
    """The package's description, or why it cannot be read; neither where there is none."""
    try:
        return description.read(wasm), ""
    except PackageError as error:
        return None, "; ".join((error.message, *error.problems))


def _access(module: str, name: str) -> tuple[str | None, Access]:
    if module == APP_MODULE:
        return f"{APP_MODULE}.{name}", "function"
    if module == HOST_MODULE and name in HOST_IMPORTS:
        capability = HOST_IMPORTS[name]
        return capability, "granted" if capability else "always"
    if (module, name) in wasi.functions():
        capability = next((held for start, held in _WASI.items() if name.startswith(start)), None)
        return capability, "optional" if capability else "always"
    return None, "refused"


def _notes(module: Module) -> tuple[str, ...]:
    """Exports that bear the name of an entry point, but have another type."""
    known = {*LIFECYCLE, *(name for names in ENTRY_POINTS.values() for name in names)}
    return tuple(
        f"`{name}` is {signature(export)}, which is not the type of an entry point"
        for name, export in module.exports.items()
        if name in known and (export.kind, export.params, export.results) != _ENTRY
    )


def _sizes(wasm: bytes, sections: list[binary.Section], kind: int) -> tuple[Size, ...]:
    """The bounds in a memory section (5) or a table section (4) of a module that is known to be valid."""
    found = []
    for section in sections:
        if section.id != kind:
            continue
        count, at = binary.read_number(wasm, section.start)
        for _ in range(count):
            # A table has a byte more: the type of its elements. Then one that says whether there is a maximum.
            at += kind == 4
            least, after = binary.read_number(wasm, at + 1)
            most = None
            if wasm[at] & 1:
                most, after = binary.read_number(wasm, after)
            found.append(Size(least, most))
            at = after
    return tuple(found)
