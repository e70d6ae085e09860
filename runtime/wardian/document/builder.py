"""Nodes from the events of a parser, with every problem: depth, keys that stand twice or are no text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from wardian.document.node import Node, below
from wardian.document.problem import Problem, Problems, shown

_MOST: Final = 100  # problems of a text as such; what follows them is seldom a fault of its own


class Enough(Exception):  # noqa: N818 - ends the reading, and is never seen outside
    """What follows is not worth reading."""


@dataclass(slots=True)
class _Level:
    """A map or a list that is not complete; in a map also the keys' lines, and the key that awaits its value."""

    made: dict[str, Node] | list[Node]
    lines: dict[str, int] = field(default_factory=dict)
    key: str | None = None
    key_line: int = 0
    holder: str = ""  # the key that was last awaiting a value


class Builder:
    """Takes what a parser finds, in its order; the document is then `made`, and what is wrong with it in `problems`.

    Where `broken` is set, the text could not be read to its end.

    Args:
        file: where the text comes from.
        depth: how deep maps and lists may nest.
    """

    def __init__(self, file: str, depth: int) -> None:
        self.made = Node(None, file, 1)
        self.problems = Problems()
        self.broken = False
        self._file = file
        self._depth = depth
        self._levels: list[_Level] = []

    def start(self, made: dict[str, Node] | list[Node], line: int) -> None:
        """A map or a list begins."""
        if len(self._levels) == self._depth:
            self.problem(line, f"at most {self._depth} levels", "a nesting that is deeper")
            self.broken = True
            raise Enough
        self.put(made, line)
        self._levels.append(_Level(made))

    def end(self) -> None:
        """It ends."""
        self._levels.pop()

    def put(self, value: Any, line: int) -> None:  # noqa: ANN401
        """A value at the place that is next: the whole, an item, a key, or what a key holds."""
        if not self._levels:
            self.made = Node(value, self._file, line)
            return
        level = self._levels[-1]
        if isinstance(level.made, list):
            level.made.append(Node(value, self._file, line))
        elif level.key is None:
            level.key = level.holder = self._key(level, value, line)
            level.key_line = line
        else:
            level.made[level.key] = Node(value, self._file, line, level.key_line)
            level.key = None

    def problem(self, line: int, expected: str, found: str, hint: str = "") -> None:
        """Note what is wrong here; after a hundred, that is enough."""
        place = {"file": self._file, "path": self._path(), "hint": hint}
        self.problems.add(Problem(expected, found, line=line, **place))
        if len(self.problems) >= _MOST:
            self.broken = True
            raise Enough

    def _key(self, level: _Level, value: object, line: int) -> str:
        if not isinstance(value, str):
            self.problem(line, "a text as the key", shown(value), "quote it")
            return f"{line}:{len(level.lines)}"
        if value in level.lines:
            self.problem(
                line, "each key once", f"{shown(value)} again", f"it stands already at line {level.lines[value]}"
            )
        level.lines.setdefault(value, line)
        return value

    def _path(self) -> str:
        path = ""
        for level in self._levels:
            inner = level is not self._levels[-1]
            if isinstance(level.made, list):
                path += f"[{len(level.made) - inner}]"
            elif inner or level.key is not None:
                path = below(path, level.holder)
        return path
