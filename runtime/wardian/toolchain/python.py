"""Python: CPython itself, started up to where the plugin's module is imported, as one core module."""

from __future__ import annotations

import json
import re
import shutil
import sys
import zlib
from typing import TYPE_CHECKING, Any, Final

from wardian.errors import BuildError
from wardian.policy import Limits
from wardian.sandbox.compiler import Compiler
from wardian.toolchain import sdk
from wardian.toolchain.flattening import face, merging
from wardian.toolchain.language import Language
from wardian.toolchain.tool import Tool, python_package

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from wardian.toolchain.project import Project
    from wardian.toolchain.workshop import Workshop

_PACKAGE: Final = python_package("componentize_py", "0.25.1")
# Its program is called otherwise than its package, and may not be on the search path.
_START: Final = (sys.executable, "-c", "import sys; from componentize_py import script; sys.exit(script())")
COMPONENTIZE: Final = Tool(
    "componentize-py", lambda: _START if _PACKAGE.find() else None, _PACKAGE.install.replace("_", "-")
)
_MARK: Final = re.compile(rb"wardian plugin ([0-9]{8})([0-9a-f]{8})")
_APP: Final = """\
from wardian_sdk import component
import {module}
WitWorld = component.WitWorld
component.finish()
"""


def _compile(project: Project, output: Path, workshop: Workshop) -> None:
    # The sources are copied, for what Python leaves beside them would be left in the author's folder.
    sources = workshop.folder / "sources"
    package = workshop.folder / "sdk"
    shutil.copytree(sdk.folder() / "python" / "wardian_sdk", package / "wardian_sdk")
    for each in project.sources:
        to = sources / each.relative_to(project.sources[0].parent)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(each, to)
    (sources / "wardian_app.py").write_text(_APP.format(module=project.sources[0].stem), "utf-8")
    component = workshop.folder / "component.wasm"
    command: list[str | Path] = [
        *_START, "--quiet", "--wit-path", sdk.folder() / "python" / "wit", "--world", "plugin", "componentize",
        "--stub-wasi", "--python-path", sources, "--python-path", package, "--output", component, "wardian_app",
    ]  # fmt: skip
    try:
        workshop.run(command, cwd=workshop.folder, env={"PYTHONDONTWRITEBYTECODE": "1"})
    except BuildError as error:
        raise BuildError("the plugin cannot be imported", problems=_of_the_author(error.problems)) from error
    binary = component.read_bytes()
    said = _said(binary)
    text = face.text(said["entries"], [(module, name) for module, name in said["imports"]])
    output.write_bytes(merging.merge(binary, Compiler(None).parse_text(text.encode(), Limits())))


def _said(binary: bytes) -> dict[str, Any]:
    """What the plugin exports and imports, as it stands in the memory that its start has left."""
    for found in _MARK.finditer(binary):
        text = binary[found.end() : found.end() + int(found[1])]
        if zlib.crc32(text) == int(found[2], 16):
            said: dict[str, Any] = json.loads(text)
            return said
    raise BuildError("the component says nothing of what it exports", hint="this is a defect of the Python SDK")


def _of_the_author(said: Sequence[str]) -> list[str]:
    """What Python said while it imported the plugin, without what stands around it and calls it."""
    said = list(said)
    begun = next((at + 1 for at, line in enumerate(said) if "wardian_app.py" in line), 0)
    ended = next((at for at, line in enumerate(said) if line.startswith(("Caused by:", "Stack backtrace:"))), len(said))
    lines = [line.replace('File "/0/', 'File "') for line in said[begun:ended] if line.strip()]
    return lines or said


def _sources(folder: Path, name: str) -> tuple[str, ...]:
    """The module of the plugin's name, and what else stands beside it and below it and is no test."""
    others = sorted(
        each.relative_to(folder).as_posix()
        for each in folder.rglob("*.py")
        if not any(part.startswith((".", "test_", "__pycache__")) for part in each.relative_to(folder).parts)
    )
    main = f"{name}.py"
    return (main, *(each for each in others if each not in (main, "conftest.py")))


LANGUAGE: Final = Language("python", "Python", (COMPONENTIZE,), _sources, _compile)
