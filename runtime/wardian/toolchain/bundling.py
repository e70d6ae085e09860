"""`bundle`: the script of a plugin with all that it imports, its packages of npm too, as one; by esbuild."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wardian.errors import BuildError
from wardian.toolchain.node import NODE, npm_package

if TYPE_CHECKING:
    from wardian.toolchain.project import Project
    from wardian.toolchain.workshop import Workshop

ESBUILD: Final = ("esbuild", "0.28.2")
_OPTIONS: Final = (
    "--bundle", "--format=esm", "--platform=neutral", "--target=es2023", "--main-fields=module,main", "--charset=utf8",
    "--external:wardian", "--external:wardian/*", "--log-level=warning", "--color=false",
)  # fmt: skip


def bundle(project: Project, workshop: Workshop) -> str:
    """Everything but the SDK in one script; TypeScript becomes JavaScript, its types are not checked.

    Raises:
        BuildError: there is no Node, esbuild cannot be installed, or a script is wrong or not found.
    """
    node = NODE.find()
    if node is None:
        raise BuildError(
            f"TypeScript and packages of npm need {NODE.name}", code="toolchain_missing", hint=NODE.install
        )
    program = npm_package(*ESBUILD, workshop) / "node_modules" / "esbuild" / "bin" / "esbuild"
    output = workshop.folder / "bundle.js"
    workshop.run([*node, program, project.sources[0], *_OPTIONS, f"--outfile={output}"], cwd=project.folder)
    return output.read_text("utf-8")
