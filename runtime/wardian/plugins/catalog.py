"""`Catalog`: the symbols of several plugins, by names of which no two are alike."""

from __future__ import annotations

import difflib
import threading
from typing import TYPE_CHECKING, NamedTuple

from wardian.errors import PackageError
from wardian.sandbox.faults import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wardian.package.manifest import Symbol
    from wardian.plugins.plugin import Plugin


class Found(NamedTuple):
    """A symbol, and the plugin that has it."""

    plugin: Plugin
    symbol: Symbol


class Catalog:
    """The symbols of several plugins, each found as `plugin:symbol`, by the name under which its plugin was loaded.

    It closes nothing: a plugin belongs to who loaded it. Threads: any number.

    Args:
        plugins: those to begin with.

    Raises:
        PackageError: as `add`.
    """

    def __init__(self, plugins: Iterable[Plugin] = ()) -> None:
        self._lock = threading.Lock()
        self._found: dict[str, Found] = {}
        for plugin in plugins:
            self.add(plugin)

    def add(self, plugin: Plugin) -> None:
        """Take up all symbols of a plugin, or none; of one that describes none there are none.

        Raises:
            PackageError: `name_taken`, for each name that another plugin has, with both packages.
        """
        symbols = () if plugin.manifest is None else plugin.manifest.symbols
        named = {f"{plugin.name}:{each.name}": Found(plugin, each) for each in symbols}
        with self._lock:
            taken = [(name, self._found[name].plugin) for name in named if name in self._found]
            if taken:
                raise PackageError(
                    "two plugins have symbols of one name", code="name_taken", where=plugin.name,
                    problems=[
                        f"`{printable(name)}` is of {_package(other)}, and now of {_package(plugin)}"
                        for name, other in taken
                    ],
                    hint="load one of them with a `name` of its own",
                )  # fmt: skip
            self._found.update(named)

    def find(self, name: str) -> Found:
        """The symbol of this name, such as `words:count`.

        Raises:
            PackageError: `no_such_symbol`, with the names that are near.
        """
        found = self._found.get(name)
        if found is None:
            near = difflib.get_close_matches(str(name), self._found, n=3) or self.names()[:20]
            raise PackageError(
                f"no plugin has a symbol `{printable(str(name))}`", code="no_such_symbol",
                hint=f"there is: {', '.join(near)}" if near else "no plugin with symbols was added",
            )  # fmt: skip
        return found

    def names(self) -> list[str]:
        """All names, in their order."""
        return sorted(self._found)

    def __repr__(self) -> str:
        return f"<Catalog: {len(self._found)} symbols>"


def _package(plugin: Plugin) -> str:
    manifest = plugin.manifest
    described = "a module" if manifest is None else f"{manifest.name} {manifest.version}"
    return f"{described} (sha256 {plugin.digest[:12]})"
