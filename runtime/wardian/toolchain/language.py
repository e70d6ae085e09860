"""`Language`: how the sources of one language become a module."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from wardian.toolchain.project import Project
    from wardian.toolchain.tool import Tool
    from wardian.toolchain.workshop import Workshop


@dataclass(frozen=True, slots=True)
class Language:
    """One language that plugins are written in.

    Attributes:
        name: as it stands in `build.language`.
        title: its name for people.
        tools: what has to be on the machine.
        sources: given a folder and the plugin's name, the sources that stand there by this language's habit, relative
            to the folder; asked where the description names none.
        compile: makes the module of a project at a path, with the tools in a workshop. Raises `BuildError`.
        optimised: whether what comes of that is as small as it can be, so that `wasm-opt` is not to look at it.
    """

    name: str
    title: str
    tools: tuple[Tool, ...]
    sources: Callable[[Path, str], tuple[str, ...]]
    compile: Callable[[Project, Path, Workshop], None]
    optimised: bool = False
