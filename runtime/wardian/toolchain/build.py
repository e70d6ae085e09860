"""`build`: from a project to its module, described, in one step that either succeeds or changes nothing."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from wardian import whole_file
from wardian.errors import BuildError
from wardian.toolchain.describing import embed
from wardian.toolchain.languages import language
from wardian.toolchain.optimising import optimise
from wardian.toolchain.workshop import Workshop

if TYPE_CHECKING:
    from collections.abc import Callable

    from wardian.toolchain.language import Language
    from wardian.toolchain.project import Project


@dataclass(frozen=True, slots=True)
class Built:
    """What came of a build.

    Attributes:
        module: the file.
        size: its bytes.
        seconds: how long it took.
        optimised: whether `wasm-opt` has made it smaller.
    """

    module: Path
    size: int
    seconds: float
    optimised: bool = False


def build(
    project: Project, output: Path | None = None, *, say: Callable[[str], None] | None = None, small: bool = True
) -> Built:
    """Compile a project, and put its description into the module; what stood at `output` stays when that fails.

    Args:
        project: what to build.
        output: where the module is put, by default `project.module`; its folder has to be there.
        say: told each command before it runs.
        small: whether `wasm-opt` is to look at it, where the machine has that; it may take longer than all else.

    Raises:
        BuildError: a tool is missing (`toolchain_missing`, with the command that installs it), or failed.
        ConfigError: the description is not of this module.
        OSError: the module cannot be written.
    """
    begun = monotonic()
    made_in = language(project.language)
    require(made_in)
    output = output or project.module
    with tempfile.TemporaryDirectory(prefix="wardian-build-") as folder:
        made = Path(folder) / "module.wasm"
        workshop = Workshop(Path(folder), cache(), say)
        made_in.compile(project, made, workshop)
        optimised = small and not made_in.optimised and optimise(made, workshop)
        wasm = embed(project.manifest_file, made.read_bytes(), build=project.built_from)
    whole_file.write(output, wasm)
    return Built(output, len(wasm), monotonic() - begun, optimised)


def require(made_in: Language) -> None:
    """Raise `BuildError` for the tools that this machine does not have, with what installs them."""
    missing = [tool for tool in made_in.tools if tool.find() is None]
    if missing:
        raise BuildError(
            f"plugins in {made_in.title} need {', '.join(tool.name for tool in missing)}, which this machine lacks",
            code="toolchain_missing",
            hint=" && ".join(dict.fromkeys(tool.install for tool in missing)),
        )  # fmt: skip


def cache() -> Path:
    """The folder that builds share: `~/.cache/wardian/toolchain`, or the same in `$XDG_CACHE_HOME`."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    made = Path(home) / "wardian" / "toolchain"
    made.mkdir(parents=True, exist_ok=True, mode=0o700)
    return made
