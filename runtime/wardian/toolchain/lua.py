"""Lua: the engine with the plugin's scripts run, kept as one module that starts where that ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wardian.errors import BuildError
from wardian.toolchain import lua_engine, scripts
from wardian.toolchain.engine import INSPECTOR
from wardian.toolchain.language import Language
from wardian.toolchain.tool import ZIG

if TYPE_CHECKING:
    from pathlib import Path

    from wardian.toolchain.project import Project
    from wardian.toolchain.scripts import Modules
    from wardian.toolchain.workshop import Workshop


def _compile(project: Project, output: Path, workshop: Workshop) -> None:
    main, *_ = names = [each.relative_to(project.folder).as_posix() for each in project.sources]
    given = {name: scripts.read(each) for name, each in zip(names, project.sources, strict=True)}

    def request(modules: Modules) -> dict[str, object]:
        return {"main": main, "modules": modules}

    def add(modules: Modules, missing: str) -> Modules:
        return {**modules, **_needed(project, missing)}

    folder = lua_engine.engine(workshop)
    begun = {**given, **scripts.library("lua", ".lua")}
    modules, said = scripts.inspect(folder / INSPECTOR, begun, request, add, workshop)
    linked = workshop.folder / "linked.wasm"
    lua_engine.link(folder, said["entries"], said["imports"], linked, workshop)
    scripts.bake(linked, request(modules), output)


def _needed(project: Project, missing: str) -> Modules:
    for name in (f"{missing}.lua", f"{missing}/init.lua"):
        found = project.folder / name
        if found.resolve().is_relative_to(project.folder) and found.is_file():
            return {name: scripts.read(found)}
    raise BuildError(
        f"there is no module `{missing.replace('/', '.')}`", where=str(project.sources[0]),
        hint=f"it would be {missing}.lua beside the plugin; `wardian.NAME` are those of the SDK",
    )  # fmt: skip


def _sources(_folder: Path, name: str) -> tuple[str, ...]:
    return (f"{name}.lua",)


LANGUAGE: Final = Language("lua", "Lua", (ZIG,), _sources, _compile)
