"""TypeScript: bundled by esbuild, then as JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wardian.toolchain import bundling, javascript
from wardian.toolchain.language import Language
from wardian.toolchain.node import NODE
from wardian.toolchain.tool import ZIG

if TYPE_CHECKING:
    from pathlib import Path

    from wardian.toolchain.project import Project
    from wardian.toolchain.workshop import Workshop


def _compile(project: Project, output: Path, workshop: Workshop) -> None:
    script = project.sources[0].relative_to(project.folder).with_suffix(".js").as_posix()
    javascript.make({script: bundling.bundle(project, workshop)}, project, output, workshop)


def _sources(_folder: Path, name: str) -> tuple[str, ...]:
    return (f"{name}.ts",)


LANGUAGE: Final = Language("typescript", "TypeScript", (ZIG, NODE), _sources, _compile)
