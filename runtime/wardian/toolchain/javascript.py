"""JavaScript: the engine with the plugin's modules evaluated, kept as one module that starts where that ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from wardian.abi.bounds import Bounds
from wardian.abi.codec import encode
from wardian.errors import BuildError, GuestError
from wardian.plugins.runtime import Runtime
from wardian.policy import Limits
from wardian.snapshot.snapshot import snapshot
from wardian.toolchain import bundling, quickjs, sdk
from wardian.toolchain.language import Language
from wardian.toolchain.tool import ZIG

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from wardian.toolchain.project import Project
    from wardian.toolchain.workshop import Workshop

_MOST: Final = 16 * 2**20  # bytes of all modules of a plugin, in which a large library has room
_LIMITS: Final = Limits(memory=256 * 2**20, start_deadline=60, deadline=60, request=_MOST)


def _compile(project: Project, output: Path, workshop: Workshop) -> None:
    make(
        {project.sources[0].relative_to(project.folder).as_posix(): _read(project.sources[0])},
        project,
        output,
        workshop,
    )


def make(modules: dict[str, str], project: Project, output: Path, workshop: Workshop) -> None:
    """Make the module of a plugin from its first script, and from what that imports of the project's folder.

    What it imports of npm is bundled with it.

    Raises:
        BuildError: a script is wrong, or imports what is not there.
    """
    folder = quickjs.engine(workshop)
    modules, said = _inspect(modules, project, quickjs.inspector(folder), workshop)
    linked = workshop.folder / "linked.wasm"
    quickjs.link(folder, said["entries"], said["imports"], linked, workshop)
    argument = encode({**modules, **_library()}, Bounds(size=_MOST, items=10_000, depth=2))
    try:
        output.write_bytes(snapshot(linked.read_bytes(), entry="wardian_build", argument=argument, limits=_LIMITS))
    except GuestError as error:
        raise _wrong(error) from error


def _inspect(
    modules: dict[str, str], project: Project, inspector: Path, workshop: Workshop
) -> tuple[dict[str, str], Mapping[str, Any]]:
    """The modules with all that they import, and what the plugin that they are exports and imports."""
    library = _library()
    with Runtime(cache=workshop.cache / "compiled") as runtime:
        while True:
            try:
                with runtime.load(inspector, limits=_LIMITS) as plugin:
                    said = plugin.call("inspect", {**modules, **library})
            except GuestError as error:
                raise _wrong(error) from error
            if not (isinstance(said, dict) and "missing" in said):
                return modules, said
            missing = str(said["missing"])
            if missing.startswith("wardian/"):
                raise BuildError(f"the SDK has no module `{missing.removesuffix('.js')}`")
            found = project.folder / missing
            if found.is_file():
                modules = {**modules, missing: _read(found)}
            else:
                modules = {next(iter(modules)): bundling.bundle(project, workshop)}


def _library() -> dict[str, str]:
    folder = sdk.folder() / "javascript" / "wardian"
    return {f"wardian/{each.name}": _read(each) for each in sorted(folder.glob("*.js"))}


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise BuildError("a script has to be UTF-8", where=str(file)) from error


def _wrong(error: GuestError) -> BuildError:
    return BuildError("the plugin's script failed", problems=error.message.strip().splitlines())


def _sources(_folder: Path, name: str) -> tuple[str, ...]:
    return (f"{name}.js",)


LANGUAGE: Final = Language("javascript", "JavaScript", (ZIG,), _sources, _compile)
