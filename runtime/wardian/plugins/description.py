"""A module's description of itself: its section `wardian:package`, and whether the module keeps what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from wardian.abi.bounds import Bounds, CodecError
from wardian.abi.codec import decode
from wardian.abi.contract import ENTRY_POINTS, MARKER, PACKAGE_SECTION, START
from wardian.errors import PackageError
from wardian.guests import reactor
from wardian.quantity import format_size
from wardian.sandbox import binary
from wardian.sandbox.module import signature

if TYPE_CHECKING:
    from wardian.package.manifest import Manifest
    from wardian.sandbox.module import Module

MOST: Final = 64 * 2**10  # bytes; a description of a hundred symbols with their schemas has some 30 KiB
_SHOWN: Final = 10  # symbols that cannot be served; there may be thousands
_BOUNDS: Final = Bounds(size=MOST, items=20_000, depth=32)


def read(wasm: bytes) -> Manifest | None:
    """What a module's bytes say of its package, or None where they say nothing.

    Raises:
        PackageError: `bad_package`: it stands there twice, is too large, no item, or of another shape.
    """
    found = [each for each in binary.sections(wasm) if each.id == 0 and each.name == PACKAGE_SECTION]
    if not found:
        return None
    if len(found) > 1:
        raise _broken(f"the section `{PACKAGE_SECTION}` stands there {len(found)} times", "once is right")
    size = found[0].size
    if size > MOST:
        raise _broken(
            f"the section `{PACKAGE_SECTION}` has {format_size(size)}, of at most {format_size(MOST)}",
            "what is large belongs into the package's files",
        )
    try:
        value = decode(wasm[found[0].start : found[0].start + size], _BOUNDS)
    except CodecError as error:
        raise _broken(
            f"the section `{PACKAGE_SECTION}` is no item: {error}", "it holds one CBOR item, the ABI's `package`"
        ) from None
    from wardian.package.manifest import Manifest  # noqa: PLC0415 - 3 ms of every start, for what is described

    return Manifest.from_value(value)


def transport(module: Module, manifest: Manifest | None) -> Literal["reactor", "command"]:
    """How the module is spoken to: as its description says, and without one as its exports show."""
    if manifest is not None:
        return "command" if manifest.transport == "command" else "reactor"
    return "command" if START in module.exports and MARKER not in module.exports else "reactor"


def check(module: Module, manifest: Manifest | None) -> None:
    """Whether the module can be spoken to as it should, and serves each symbol that its description lists.

    Raises:
        PackageError: saying which export is missing or of another type.
    """
    if transport(module, manifest) == "command":
        from wardian.guests import command  # noqa: PLC0415 - with WASI 8 ms of every start, for programs

        command.check(module)
        return
    reactor.check(module)
    if manifest is None:
        return
    entries = frozenset(reactor.entries(module))
    problems = []
    for symbol in manifest.symbols:
        needed = required(symbol.kind)
        if entries.isdisjoint(needed):
            names = " or ".join(f"`{name}`" for name in needed)
            there = [name for name in needed if name in module.exports]
            wrong = [f"; its `{name}` is {signature(module.exports[name])}" for name in there]
            problems.append(f"the {symbol.kind} `{symbol.name}` needs the export {names}{''.join(wrong)}")
    if problems:
        more = len(problems) - _SHOWN
        problems[_SHOWN:] = [f"and {more} more"] if more > 0 else []
        raise PackageError(
            "the module does not export what its description promises", code="abi_error", problems=problems,
            hint="the plugin's author has to export it, or to leave the symbol out of `plugin.yaml`",
        )  # fmt: skip


def required(kind: str) -> tuple[str, ...]:
    """The entry points of a kind of which one must be there: a source is polled or asked, all others have one."""
    names = ENTRY_POINTS[kind]
    return names if kind == "source" else names[:1]


def _broken(said: str, hint: str) -> PackageError:
    return PackageError(said, code="bad_package", hint=hint)
