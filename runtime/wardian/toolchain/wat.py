"""The text format of WebAssembly, which takes no tool: the runtime reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wardian.errors import BuildError, PackageError
from wardian.policy import Limits
from wardian.toolchain.language import Language

if TYPE_CHECKING:
    from pathlib import Path

    from wardian.toolchain.project import Project
    from wardian.toolchain.workshop import Workshop


def _compile(project: Project, output: Path, _workshop: Workshop) -> None:
    from wardian.sandbox.compiler import Compiler  # noqa: PLC0415 - the engine, for those who need it

    source = project.sources[0]
    try:
        output.write_bytes(Compiler(None).parse_text(source.read_bytes(), Limits()))
    except PackageError as error:
        said = [error.message, *error.problems]
        raise BuildError("the text cannot be read", problems=said, where=str(source)) from error


LANGUAGE: Final = Language(
    "wat", "WebAssembly text", (), lambda _folder, name: (f"{name}.wat",), _compile, optimised=True
)
