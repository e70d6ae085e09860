"""The files of a project as one document: what the first file imports lies under it, and it wins."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from wardian.document import reading
from wardian.document.node import Node, merged
from wardian.document.problem import Problem, Problems, shown
from wardian.errors import ConfigError

_DEPTH: Final = 8  # files between the first one and the last that it leads to
_FILES: Final = 64


@dataclass
class Files:
    """What was read.

    Attributes:
        node: the merged document.
        paths: every file, the first one first.
        problems: what is wrong with their texts, though all of them could be read.
        warnings: what is unwise about them, though it does no harm by itself.
    """

    node: Node
    paths: list[Path] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)
    warnings: list[Problem] = field(default_factory=list)


def gather(path: Path) -> Files:
    """Read a file and all that it imports.

    Raises:
        ConfigError: one of them cannot be read to its end, leads out of the folder or round in a circle, or can be
            written by everybody.
    """
    problems = Problems()
    path = path.expanduser()
    gathering = _Gathering(Files(Node({})), path.parent.resolve(), problems)
    gathering.look_at(path)
    gathering.files.node = gathering.read(path, ())
    if problems:
        for each in gathering.files.problems.found:
            problems.add(each)
        problems.raise_any("this configuration is wrong", where=str(path))
    return gathering.files


@dataclass
class _Gathering:
    files: Files
    folder: Path
    problems: Problems
    done: dict[Path, Node] = field(default_factory=dict)

    def read(self, path: Path, above: tuple[Path, ...]) -> Node:
        """The document of a file, over those that it imports."""
        real = path.resolve()
        if real in self.done:
            return self.done[real]
        self.files.paths.append(path)
        try:
            own = reading.read(path, problems=self.files.problems)
        except ConfigError as error:
            self.tell(error, path)
            return Node({}, str(path), 1)
        made = Node({}, str(path), 1)
        for at, name in self.imports(own):
            found = self.follow(path, name, at, (*above, real))
            if found is not None:
                made = merged(made, self.read(found, (*above, real)))
        made = self.done[real] = merged(made, own)
        return made

    def imports(self, own: Node) -> list[tuple[str, Node]]:
        """The items of `imports` that are texts; whatever else it holds is a problem of the typed reading."""
        listed = own.value.get("imports")
        if listed is None or not isinstance(listed.value, list):
            return []
        return [(at, name) for at, name in listed.children("imports") if isinstance(name.value, str) and name.value]

    def follow(self, path: Path, name: Node, at: str, above: tuple[Path, ...]) -> Path | None:
        """The path of an imported file, or None after a problem was noted."""
        hint = ""
        try:
            found: Path = path.parent / name.value
            real = found.resolve()
        except (OSError, ValueError, RuntimeError):
            self.problems.note(name, at, "a path")
            return None
        if Path(name.value).is_absolute() or not real.is_relative_to(self.folder):
            expected = "a relative path within the folder of the project"
        elif real in above:
            expected, hint = "imports that lead to an end", "a file cannot import itself, by whatever way"
        elif len(above) > _DEPTH or len(self.files.paths) >= _FILES:
            expected = f"at most {_FILES} files, {_DEPTH} below each other"
        elif not real.is_file():
            expected = "a file"
        elif self.look_at(found):
            return found
        else:
            return None
        self.problems.note(name, at, expected, hint=hint)
        return None

    def look_at(self, path: Path) -> bool:
        """Whether nobody else can have written the file: it says what is run, and whose secrets are read."""
        try:
            found = path.stat()
        except (OSError, ValueError):
            return True  # reading it will say why
        if found.st_mode & stat.S_IWOTH and stat.S_ISREG(found.st_mode):
            hint = f"chmod o-w {path.name}"
            self.problems.add(Problem("a file that not everybody can write", "one", file=str(path), hint=hint))
            return False
        if found.st_uid not in (0, os.geteuid()):
            whose = Problem("a file of yours or of root", f"one of user {found.st_uid}", file=str(path))
            self.files.warnings.append(whose)
        return True

    def tell(self, error: ConfigError, path: Path) -> None:
        """Keep the problems of one file, to be told with those of the others."""
        for problem in error.problems:
            if isinstance(problem, Problem):
                self.problems.add(problem)
        if not error.problems:
            self.problems.add(Problem("a document", shown(error.message), file=str(path), hint=error.hint))
