"""`Node`: a value of a document that knows where it was written."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD: Final = re.compile(r"[\w/-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Node:
    """A scalar, a map of texts to nodes, or a list of nodes; nobody changes it once it is made.

    Attributes:
        value: the scalar, or a dict or list of nodes.
        file: the file, the variable of the environment or the option that it comes from.
        line: where it begins there, from 1; 0 where there are no lines.
        key_line: the line of its key, where it has one.
    """

    value: Any
    file: str = ""
    line: int = 0
    key_line: int = 0

    @staticmethod
    def of(plain: object, file: str = "") -> Node:
        """The same plain data as nodes, all of which come from `file`."""
        if isinstance(plain, dict):
            return Node({str(key): Node.of(held, file) for key, held in plain.items()}, file)
        if isinstance(plain, (list, tuple)):
            return Node([Node.of(held, file) for held in plain], file)
        return Node(plain, file)

    def plain(self) -> Any:  # noqa: ANN401
        """The plain data alone; a new one for each asking."""
        if isinstance(self.value, dict):
            return {key: held.plain() for key, held in self.value.items()}
        if isinstance(self.value, list):
            return [held.plain() for held in self.value]
        return self.value

    def children(self, path: str) -> Iterator[tuple[str, Node]]:
        """What it holds, each with its path."""
        if isinstance(self.value, dict):
            for key, held in self.value.items():
                yield below(path, key), held
        elif isinstance(self.value, list):
            for index, held in enumerate(self.value):
                yield f"{path}[{index}]", held

    def at(self, keys: list[str | int]) -> Node:
        """The node that the keys and indexes lead to, or the last one there is on the way."""
        node = self
        for key in keys:
            held = node.value
            if isinstance(held, dict) and key in held:
                node = held[str(key)]
            elif isinstance(held, list) and isinstance(key, int) and 0 <= key < len(held):
                node = held[key]
            else:
                break
        return node


def below(path: str, key: str) -> str:
    """The path of a key in the map at `path`; a key that is no plain word is quoted."""
    word = key if _WORD.fullmatch(key) else json.dumps(key)
    return f"{path}.{word}" if path else word


def merged(first: Node, later: Node) -> Node:
    """Both as one: maps key by key, what is later wins, and a list is replaced as a whole."""
    if not (isinstance(first.value, dict) and isinstance(later.value, dict)):
        return later
    made = dict(first.value)
    for key, held in later.value.items():
        made[key] = merged(made[key], held) if key in made else held
    return Node(made, later.file, later.line, later.key_line)
