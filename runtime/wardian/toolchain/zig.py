"""Zig, compiled by the compiler of the Python package `ziglang`, with the SDK as the module `wardian`."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

from wardian.errors import ConfigError
from wardian.toolchain import sdk
from wardian.toolchain.language import Language
from wardian.toolchain.tool import ZIG

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from wardian.toolchain.project import Project
    from wardian.toolchain.workshop import Workshop

MODES: Final = ("ReleaseSmall", "ReleaseSafe", "ReleaseFast", "Debug")

# 64 KiB of stack below the data, so that an overflow traps; without more imports than the plugin asks for.
_MODULE: Final = ("-target", "wasm32-freestanding", "-fno-entry", "-rdynamic", "--stack", "65536")


def _compile(project: Project, output: Path, workshop: Workshop) -> None:
    mode = _mode(project)
    source = sdk.folder() / "zig" / "src"
    workshop.run(
        [
            sys.executable, "-m", "ziglang", "build-exe", *_MODULE, "-O", mode,
            *([] if mode == "Debug" else ["-fstrip"]),
            "--dep", "plugin", "--dep", "wardian", f"-Mroot={source / 'start.zig'}",
            "--dep", "wardian", f"-Mplugin={project.sources[0].relative_to(project.folder)}",
            f"-Mwardian={source / 'wardian.zig'}",
            "--cache-dir", workshop.folder / "zig", f"-femit-bin={output}",
        ],
        cwd=project.folder, env=environment(workshop),
    )  # fmt: skip


def environment(workshop: Workshop) -> Mapping[str, str]:
    """Where zig keeps its own runtime once it is compiled: as the author says, or else in the cache of builds."""
    chosen = os.environ.get("ZIG_GLOBAL_CACHE_DIR")
    return {} if chosen else {"ZIG_GLOBAL_CACHE_DIR": str(workshop.cache / "zig")}


def _mode(project: Project) -> str:
    chosen = project.options.get("optimize", MODES[0])
    if chosen not in MODES:
        raise ConfigError(
            f"zig has no mode `{chosen}`", where=str(project.manifest_file),
            hint=f"`build.optimize` is one of {', '.join(MODES)}",
        )  # fmt: skip
    return str(chosen)


def _sources(_folder: Path, name: str) -> tuple[str, ...]:
    return (f"{name}.zig",)


LANGUAGE: Final = Language("zig", "Zig", (ZIG,), _sources, _compile)
