"""`Plugin`: one entry of `plugins`: where a plugin comes from, and what it may do at most."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from wardian.config.egress import EGRESS, Egress
from wardian.config.permissions import GrantsShape, LimitsShape
from wardian.document.node import Node, below
from wardian.document.shapes import Flag, Text
from wardian.document.structs import Place, Struct, key, place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wardian.document.problem import Problems

_PATH: Final = ("./", "../", "/", "~/")


@dataclass(frozen=True, kw_only=True)
class Plugin:
    """A plugin as a project has it; nothing of it is read before something that is enabled uses it."""

    source: str = key(Text("a path such as `./ticker.wasm`", pattern=r".*\S.*", most=4096), "The module: a path that "
        "begins with `./`, `../`, `/` or `~/`, from the folder of this file.")  # fmt: skip
    grants: Mapping[str, Any] = key(GrantsShape(), "What it may ask for; nothing by default.", factory=dict)
    limits: Mapping[str, Any] = key(LimitsShape(), "What an instance of it may use.", factory=dict)
    files: str | None = key(Text("the path of a folder", pattern=r".*\S.*", most=4096), "A folder that it may read as "
        "`/package`; it needs the grant `package`.", default=None)  # fmt: skip
    egress: Egress | None = key(EGRESS, "How its HTTP requests are made; it needs the grant `http`.", default=None)
    enabled: bool = key(Flag(), "Whether it is there at all.", default=True)
    at: Place = place()

    @property
    def source_path(self) -> Path:
        """The path of the module."""
        return beside(self.at.node.at(["source"]), self.source)

    @property
    def files_path(self) -> Path | None:
        """The path of its files, or None."""
        return beside(self.at.node.at(["files"]), self.files) if self.files else None


def beside(node: Node, path: str) -> Path:
    """A path as it is meant where it was written: from the folder of its file, or from where the program runs."""
    with contextlib.suppress(RuntimeError):  # nobody of that name has a home: there will be no such file
        return folder_of(node) / Path(path).expanduser()
    return folder_of(node) / path


def folder_of(node: Node) -> Path:
    """The folder of the file that a node was written in; the current one for what is no file, and has no lines."""
    return Path(node.file).parent if node.line else Path()


def _check(plugin: Plugin, node: Node, path: str, problems: Problems) -> None:
    if not plugin.source.startswith(_PATH):
        problems.note(node.at(["source"]), below(path, "source"), "a path that begins with `./`, `../`, `/` or `~/`",
            hint="other names will lead to repositories")  # fmt: skip
    if plugin.files is not None and not plugin.grants.get("package"):
        problems.note(node.at(["files"]), below(path, "files"), "the grant `package` where there are files", "none")
    if plugin.egress is not None and not plugin.grants.get("http"):
        problems.note(node.at(["egress"]), below(path, "egress"), "the grant `http` where there is an egress", "none")


PLUGIN: Final = Struct(Plugin, "A plugin: where it comes from, and what it may do at most.", check=_check)
