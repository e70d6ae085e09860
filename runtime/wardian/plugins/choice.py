"""Which symbol of a package is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wardian.errors import ConfigError, PackageError
from wardian.plugins.description import required
from wardian.sandbox.faults import printable

if TYPE_CHECKING:
    from collections.abc import Collection

    from wardian.package.manifest import Manifest, Symbol


def choose(
    manifest: Manifest | None, entries: Collection[str] | None, kind: str | None, name: str | None, where: str
) -> Symbol | None:
    """The symbol of this kind and name; None for a module that describes none and has the entry points of the kind.

    Args:
        manifest: what the module says of itself, or None.
        entries: its entry points, or None for a command, which decides itself.
        kind: the kind that is wanted, or None for any.
        name: the symbol's name; None where only one fits.
        where: the plugin's name, for errors.

    Raises:
        PackageError: `no_such_symbol` or `which_symbol`, with those that there are; `no_such_entry` for a module that
            describes none and lacks what the kind needs.
    """
    if manifest is None:
        _require_entry(entries, kind, name, where)
        return None
    fitting = [each for each in manifest.symbols if kind in (None, each.kind)]
    found = [each for each in fitting if name in (None, each.name)]
    if len(found) == 1:
        return found[0]
    there = ", ".join(f"{each.kind} `{each.name}`" for each in manifest.symbols[:20])
    what = kind or "symbol"
    if found:
        raise PackageError(
            f"the package has {len(found)} symbols that fit, and none was named", code="which_symbol", where=where,
            hint=f"name one of them as `symbol`: {', '.join(each.name for each in found[:20])}",
        )  # fmt: skip
    import difflib  # noqa: PLC0415 - 1 ms of every start, for who asks for what is not there

    near = difflib.get_close_matches(str(name), [each.name for each in fitting], n=1)
    meant = f"did you mean `{near[0]}`? " if near else ""
    named = "" if name is None else f" named `{printable(str(name))}`"
    raise PackageError(
        f"the package has no {what}{named}", code="no_such_symbol", where=where, hint=f"{meant}it has: {there}"
    )


def check_section(symbol: Symbol | None, section: str | None, where: str) -> None:
    """Refuse a section of configuration that the symbol does not have.

    Raises:
        ConfigError: with the sections that there are.
    """
    known = {} if symbol is None else symbol.sections
    if section is not None and section not in known:
        raise ConfigError(
            f"there is no section `{printable(str(section))}`", where=where,
            hint=f"there are: {', '.join(map(printable, known))}" if known else "the package has no sections",
        )  # fmt: skip


def _require_entry(entries: Collection[str] | None, kind: str | None, name: str | None, where: str) -> None:
    if name is not None:
        raise PackageError(
            f"there is no symbol `{printable(str(name))}`, for the module does not say what it holds",
            code="no_such_symbol", where=where, hint="leave the symbol out, or build the plugin with a `plugin.yaml`",
        )  # fmt: skip
    needed = () if kind is None else required(kind)
    if entries is not None and needed and not set(needed) & set(entries):
        names = " or ".join(f"`{each}`" for each in needed)
        raise PackageError(
            f"the plugin is no {kind}: it has no {names}", code="no_such_entry", where=where,
            hint="`wardian inspect` shows which kinds it serves",
        )  # fmt: skip
