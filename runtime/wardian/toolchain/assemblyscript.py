"""AssemblyScript, compiled by asc, which runs on Node and comes from npm when the first plugin is built."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from wardian.errors import BuildError
from wardian.toolchain import sdk
from wardian.toolchain.language import Language
from wardian.toolchain.node import NODE, node, npm_package

if TYPE_CHECKING:
    from pathlib import Path

    from wardian.toolchain.project import Project
    from wardian.toolchain.workshop import Workshop

VERSION: Final = "0.28.20"


def _compile(project: Project, output: Path, workshop: Workshop) -> None:
    found = node()
    if found is None:
        raise BuildError(f"AssemblyScript needs {NODE.name}", code="toolchain_missing", hint=NODE.install)
    compiler = npm_package("assemblyscript", VERSION, workshop) / "node_modules" / "assemblyscript" / "bin" / "asc.js"
    own = sdk.folder() / "assemblyscript"
    # What the compiler is given lies below where it runs, so that the names in messages are those of the author.
    sources = [os.path.relpath(each, project.folder) for each in project.sources]
    workshop.run(
        [*found, compiler, *sources, "--outFile", output, "--config", own / "asconfig.json", "--noColors"],
        cwd=project.folder,
    )  # fmt: skip


def _sources(_folder: Path, name: str) -> tuple[str, ...]:
    return (f"{name}.ts",)


LANGUAGE: Final = Language("assemblyscript", "AssemblyScript", (NODE,), _sources, _compile)
