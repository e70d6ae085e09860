"""Lua: the engine with the plugin's scripts run, kept as one module that starts where that ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from wardian.abi.bounds import Bounds
from wardian.abi.codec import encode
from wardian.errors import BuildError, GuestError
from wardian.plugins.runtime import Runtime
from wardian.policy import Limits
from wardian.snapshot.snapshot import snapshot
from wardian.toolchain import lua_engine, sdk
from wardian.toolchain.c import ZCBOR
from wardian.toolchain.language import Language
from wardian.toolchain.tool import ZIG

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from wardian.toolchain.project import Project
    from wardian.toolchain.workshop import Workshop

_MOST: Final = 16 * 2**20  # bytes of all modules of a plugin
_LIMITS: Final = Limits(memory=256 * 2**20, start_deadline=60, deadline=60, request=_MOST)


def _compile(project: Project, output: Path, workshop: Workshop) -> None:
    folder = lua_engine.engine(workshop)
    names = [each.relative_to(project.folder).as_posix() for each in project.sources]
    texts = {name: _read(each) for name, each in zip(names, project.sources, strict=True)}
    modules, said = _inspect(names[0], {**texts, **_library()}, project, lua_engine.inspector(folder), workshop)
    linked = workshop.folder / "linked.wasm"
    lua_engine.link(folder, said["entries"], said["imports"], linked, workshop)
    argument = encode({"main": names[0], "modules": modules}, Bounds(size=_MOST, items=10_000, depth=3))
    try:
        made = snapshot(linked.read_bytes(), entry="wardian_build", argument=argument, limits=_LIMITS)
    except GuestError as error:
        raise _wrong(error) from error
    output.write_bytes(made)


def _inspect(
    main: str, modules: dict[str, str], project: Project, inspector: Path, workshop: Workshop
) -> tuple[dict[str, str], Mapping[str, Any]]:
    """All modules that the scripts need, and what the plugin that they are exports and imports."""
    with Runtime(cache=workshop.cache / "compiled") as runtime:
        while True:
            try:
                with runtime.load(inspector, limits=_LIMITS) as plugin:
                    said: Any = plugin.call("inspect", {"main": main, "modules": modules})
            except GuestError as error:
                raise _wrong(error) from error
            if "missing" not in said:
                return modules, said
            modules = {**modules, **_needed(project, said["missing"])}


def _needed(project: Project, missing: str) -> dict[str, str]:
    for name in (f"{missing}.lua", f"{missing}/init.lua"):
        found = project.folder / name
        if found.resolve().is_relative_to(project.folder) and found.is_file():
            return {name: _read(found)}
    raise BuildError(
        f"there is no module `{missing.replace('/', '.')}`", where=str(project.sources[0]),
        hint=f"it would be {missing}.lua beside the plugin; `wardian.NAME` are those of the SDK",
    )  # fmt: skip


def _library() -> dict[str, str]:
    folder = sdk.folder() / "lua" / "wardian"
    return {f"wardian/{each.name}": _read(each) for each in sorted(folder.glob("*.lua"))}


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise BuildError("a script has to be UTF-8", where=str(file)) from error


def _wrong(error: GuestError) -> BuildError:
    return BuildError("the plugin's script failed", problems=error.message.strip().splitlines())


def _sources(_folder: Path, name: str) -> tuple[str, ...]:
    return (f"{name}.lua",)


LANGUAGE: Final = Language("lua", "Lua", (ZIG, ZCBOR), _sources, _compile)
