"""C, compiled by zig through the SDK's own `wardian-cc`, which also works without this package."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from wardian.toolchain import sdk
from wardian.toolchain.language import Language
from wardian.toolchain.tool import ZIG

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from wardian.toolchain.project import Project
    from wardian.toolchain.workshop import Workshop


def _compile(project: Project, output: Path, workshop: Workshop) -> None:
    compiler = sdk.folder() / "c" / "wardian-cc"
    workshop.run([sys.executable, compiler, *project.sources, "-o", output, "--no-manifest"])


def _sources(ending: str) -> Callable[[Path, str], tuple[str, ...]]:
    return lambda _folder, name: (f"{name}.{ending}",)


LANGUAGE: Final = Language("c", "C", (ZIG,), _sources("c"), _compile)
