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


@dataclass(frozen=True, slots=True)
class _Read:
    manifest: Manifest | None
    digest: str


@dataclass(slots=True)
class Descriptions:
    """The descriptions of plugins, each read once, when it is first asked for.

    Attributes:
        plugins: the plugins of the project, by their names there.
    """

    plugins: Mapping[str, Plugin]
    _read: dict[str, _Read | WardianError] = field(default_factory=dict)

    def manifest(self, plugin: str) -> Manifest | None:
        """What the plugin says of itself, or None where it says nothing.

        Raises:
            PackageError: it cannot be read, or is none.
        """
        return self._known(plugin).manifest

    def digest(self, plugin: str) -> str:
        """sha256 of its module, in hex, or of the text of one in the text format. Raises as `manifest`."""
        return self._known(plugin).digest

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

    def _known(self, plugin: str) -> _Read:
        found = self._read.get(plugin)
        if found is None:
            found = self._read[plugin] = self._look(self.plugins[plugin])
        if isinstance(found, WardianError):
            raise found
        return found

    @staticmethod
    def _look(plugin: Plugin) -> _Read | WardianError:
        most = Limits(**plugin.limits).module
        try:
            origin = origins.read(plugin.source_path, most)
            return _Read(None if origin.text else description.read(origin.content), origin.digest())
        except WardianError as error:
            return error
