"""`Descriptions`: what the plugins of a project offer, read from their files without running any of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wardian.errors import WardianError
from wardian.plugins import description
from wardian.plugins import origin as origins
from wardian.policy import Limits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from wardian.config.plugin import Plugin
    from wardian.package.manifest import Manifest


@dataclass(slots=True)
class Descriptions:
    """The descriptions of plugins, each read once, when it is first asked for.

    Attributes:
        plugins: the plugins of the project, by their names there.
    """

    plugins: Mapping[str, Plugin]
    _read: dict[str, Manifest | WardianError | None] = field(default_factory=dict)

    def manifest(self, plugin: str) -> Manifest | None:
        """What the plugin says of itself, or None where it says nothing.

        Raises:
            PackageError: it cannot be read, or is none.
        """
        found = self._read.get(plugin, ...)
        if found is ...:
            found = self._read[plugin] = self._look(self.plugins[plugin])
        if isinstance(found, WardianError):
            raise found
        return found

    def enabled(self) -> Iterator[tuple[str, Manifest]]:
        """Each enabled plugin that describes itself; one that cannot be read is no matter of those that can."""
        for name, plugin in self.plugins.items():
            if not plugin.enabled:
                continue
            try:
                manifest = self.manifest(name)
            except WardianError:
                continue
            if manifest is not None:
                yield name, manifest

    def names(self, kind: str) -> list[str]:
        """Every `plugin:symbol` of one kind, by the names of plugins in the project."""
        return [f"{name}:{symbol.name}" for name, manifest in self.enabled() for symbol in manifest.of_kind(kind)]

    def offering(self, plugin: str, symbol: str) -> list[str]:
        """The enabled plugins that `plugin:symbol` can mean: by their name here, or by the last part of their own."""
        return [
            name
            for name, manifest in self.enabled()
            if plugin in (name, manifest.name, manifest.name.rpartition("/")[2])
            and any(each.name == symbol for each in manifest.symbols)
        ]

    @staticmethod
    def _look(plugin: Plugin) -> Manifest | WardianError | None:
        most = Limits(**plugin.limits).module
        try:
            origin = origins.read(plugin.source_path, most)
            return None if origin.text else description.read(origin.content)
        except WardianError as error:
            return error
