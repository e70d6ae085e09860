"""`Project`: what is built: a folder with sources and the description that goes into the module."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from wardian.errors import ConfigError
from wardian.toolchain.describing import described
from wardian.toolchain.languages import FOLDERS, language

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from wardian.package.manifest import Manifest

MANIFEST: Final = "plugin.yaml"


@dataclass(frozen=True, slots=True)
class Project:
    """What is built.

    Attributes:
        folder: where its sources stand, and where its module comes to stand.
        manifest_file: the `plugin.yaml` that describes it, in the folder or one above.
        manifest: what that says.
        language: the name of its language.
        sources: its sources, within the folder; the first is the main one.
        options: what else `build` says, for the language to read.
    """

    folder: Path
    manifest_file: Path
    manifest: Manifest
    language: str
    sources: tuple[Path, ...]
    options: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The plugin's name without its organization."""
        return self.manifest.name.partition("/")[2]

    @property
    def built_from(self) -> Mapping[str, Any] | None:
        """What the module's description says of its sources where its `plugin.yaml` speaks of another language's."""
        if self.manifest_file.parent == self.folder:
            return None
        paths = [each.relative_to(self.manifest_file.parent).as_posix() for each in self.sources]
        return {"language": self.language, "sources": paths}

    @property
    def module(self) -> Path:
        """Where the module is put unless somebody says otherwise."""
        return self.folder / f"{self.name}.wasm"


def around(place: Path) -> tuple[Path, ...]:
    """The folders with all that a build of the project in a folder depends on, whatever is wrong with it."""
    folder = place.resolve()
    return (folder, folder.parent) if folder.name in FOLDERS and not (folder / MANIFEST).exists() else (folder,)


def find(place: Path) -> Project:
    """The project in a folder.

    A folder with a `plugin.yaml` is built as its `build` says. A folder that has none, and is called as a language and
    stands in one that has, is built from what it holds in that language: so one plugin can be written in several.

    Raises:
        ConfigError: there is no description, it is wrong, or it does not say what to build.
    """
    folder = place.resolve()
    if (folder / MANIFEST).is_file():
        file, chosen = folder / MANIFEST, ""
    elif folder.name in FOLDERS and (folder.parent / MANIFEST).is_file():
        file, chosen = folder.parent / MANIFEST, FOLDERS[folder.name]
    else:
        raise ConfigError(
            f"there is no {MANIFEST} here", where=str(place), hint="`wardian new` begins a plugin, with all it needs"
        )
    manifest = described(file)
    name = chosen or manifest.build.get("language", "")
    if not name:
        raise ConfigError(
            f"{MANIFEST} does not say what it is built from", where=str(file), hint="add `build: {language: …}`"
        )
    named = [] if chosen else manifest.build.get("sources", [])
    short = manifest.name.partition("/")[2]
    sources = tuple(folder / each for each in named or language(name).sources(folder, short))
    if missing := [str(each) for each in sources if not each.is_file()]:
        raise ConfigError("sources are missing", problems=missing, where=str(file), hint="see `build.sources`")
    options = {} if chosen else {k: v for k, v in manifest.build.items() if k not in ("language", "sources")}
    return Project(folder, file, manifest, name, sources, options)
