"""`Configured`: a configuration with what its pipelines come to, read and not yet run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from wardian.bindings.descriptions import Descriptions
from wardian.config import loading, secret_reading
from wardian.config.plugin import beside
from wardian.endpoints.kinds import TYPES
from wardian.engine import makeup
from wardian.engine.makeup import Makeup
from wardian.errors import ConfigError
from wardian.pipeline.needed import needed
from wardian.pipeline.plan import plan

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from wardian.config.project import Project
    from wardian.config.secrets import Secrets


@dataclass(frozen=True, slots=True)
class Configured:
    """A configuration.

    Attributes:
        project: all of it.
        secrets: those that its pipelines ask for.
        descriptions: what its plugins say of themselves.
        makeups: what its pipelines are made of, by their names, in their order.
        files: the files and folders that all of this was read from.
        warnings: what is unwise about it, a line each.
    """

    project: Project
    secrets: Secrets
    descriptions: Descriptions
    makeups: Mapping[str, Makeup]
    files: tuple[Path, ...]
    warnings: tuple[str, ...]

    @classmethod
    def read(cls, path: Path, settings: Sequence[str], environ: Mapping[str, str]) -> Self:
        """Read it, and the secrets that its pipelines ask for; no plugin is loaded.

        Args:
            path: the file.
            settings: texts such as `a.b=value` that override it.
            environ: variables that override it as well, and that may hold its secrets.

        Raises:
            ConfigError: it is wrong, or has no pipeline that is enabled.
        """
        loaded = loading.load(path, environ=environ, settings=settings, types=TYPES)
        project, descriptions = loaded.project, Descriptions(loaded.project.plugins)
        plans = plan(project, descriptions)
        if not plans:
            raise ConfigError(
                "there is no pipeline that is enabled", where=str(path),
                hint="add one to `pipelines`, or set its `enabled` to true",
            )  # fmt: skip
        secrets, unwise = secret_reading.read(needed(project, plans), environ)
        held = {
            name: beside(each.at.node.at(["file"]), each.file) for name, each in project.secrets.items() if each.file
        }
        files = [*loaded.files, *held.values(), *(file for each in plans for file in makeup.sources(project, each))]
        return cls(
            project, secrets, descriptions, {each.name: Makeup.of(each, project, secrets) for each in plans},
            tuple(dict.fromkeys(files)), tuple(map(str, (*loaded.warnings, *unwise))),
        )  # fmt: skip
