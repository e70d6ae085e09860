"""JavaScript: the engine with the plugin's modules evaluated, kept as one module that starts where that ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wardian.errors import BuildError
from wardian.toolchain import bundling, quickjs, scripts
from wardian.toolchain.engine import INSPECTOR
from wardian.toolchain.language import Language
from wardian.toolchain.tool import ZIG

if TYPE_CHECKING:
    from pathlib import Path

    from wardian.toolchain.project import Project
    from wardian.toolchain.scripts import Modules
    from wardian.toolchain.workshop import Workshop


def _compile(project: Project, output: Path, workshop: Workshop) -> None:
    main = project.sources[0]
    make({main.relative_to(project.folder).as_posix(): scripts.read(main)}, project, output, workshop)


def make(modules: Modules, project: Project, output: Path, workshop: Workshop) -> None:
    """Make the module of a plugin from its first script, and from what that imports of the project's folder.

    What it imports of npm is bundled with it.

    Raises:
        BuildError: a script is wrong, or imports what is not there.
    """
    library = scripts.library("javascript", ".js")

    def add(modules: Modules, missing: str) -> Modules:
        if missing.startswith("wardian/"):
            raise BuildError(f"the SDK has no module `{missing.removesuffix('.js')}`")
        found = project.folder / missing
        if found.is_file():
            return {**modules, missing: scripts.read(found)}
        return {next(iter(modules)): bundling.bundle(project, workshop)}

    folder = quickjs.engine(workshop)
    modules, said = scripts.inspect(folder / INSPECTOR, modules, lambda these: {**these, **library}, add, workshop)
    linked = workshop.folder / "linked.wasm"
    quickjs.link(folder, said["entries"], said["imports"], linked, workshop)
    scripts.bake(linked, {**modules, **library}, output)


def _sources(_folder: Path, name: str) -> tuple[str, ...]:
    return (f"{name}.js",)


LANGUAGE: Final = Language("javascript", "JavaScript", (ZIG,), _sources, _compile)
