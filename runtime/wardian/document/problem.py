"""`Problem`: one fault of a document, as a line of text that knows its parts; `Problems` collects them."""

from __future__ import annotations

import difflib
import json
from typing import TYPE_CHECKING, Final, Self

from wardian.document.secret_text import MASK, SecretText
from wardian.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wardian.document.node import Node

MOST: Final = 1_000  # problems that are collected; whoever has more begins with these
_SHOWN: Final = 60  # characters of a value in a problem


class Problem(str):
    """What is wrong, as `file:line: path: expected this, got that (hint)`: a text, whose parts can be asked for too.

    Args:
        expected: what would be right.
        found: what is there; it must hold no secret.
        file: the file, the variable of the environment or the option that it stands in.
        line: its line there, from 1, or 0 where there are no lines.
        path: the keys that lead to it, such as `sources.ticker.config.interval`.
        hint: what to do, or an empty text.
    """

    __slots__ = ("expected", "file", "found", "hint", "line", "path")

    expected: str
    found: str
    file: str
    line: int
    path: str
    hint: str

    def __new__(
        cls, expected: str, found: str, *, file: str = "", line: int = 0, path: str = "", hint: str = ""
    ) -> Self:
        """Write the line."""
        place = f"{file}:{line}" if file and line else f"line {line}" if line else file
        said = f"expected {expected}, got {found}" + (f" ({hint})" if hint else "")
        made = super().__new__(cls, ": ".join(part for part in (place, path, said) if part))
        for name, part in zip(_PARTS, (expected, found, file, line, path, hint), strict=True):
            object.__setattr__(made, name, part)
        return made

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a problem does not change: `{name}`")

    def __reduce__(self) -> tuple[object, ...]:
        return _revived, tuple(getattr(self, name) for name in _PARTS)

    def as_dict(self) -> dict[str, str | int]:
        """Its parts, for JSON."""
        return {name: getattr(self, name) for name in ("file", "line", "path", "expected", "found", "hint")}


class Problems:
    """Collects problems, so that all can be told at once."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def __len__(self) -> int:
        return len(self.found)

    def note(
        self,
        node: Node,
        path: str,
        expected: str,
        found: str | None = None,
        *,
        hint: str = "",
        at_key: bool = False,
    ) -> None:
        """Note that the node is not what it should be; `found` is the node's value, unless something else is said."""
        line = (node.key_line if at_key else 0) or node.line
        told = shown(node.value) if found is None else found
        self.add(Problem(expected, told, file=node.file, line=line, path=path, hint=hint))

    def add(self, problem: Problem) -> None:
        """Keep a problem, unless there are `MOST` already or it has been told."""
        if len(self.found) < MOST and problem not in self.found[-1:]:
            self.found.append(problem)

    def sorted(self) -> list[Problem]:
        """By file and line; those of one line in the order of their finding."""
        return sorted(self.found, key=lambda each: (each.file, each.line))

    def raise_any(self, message: str, *, where: str = "") -> None:
        """End here if there are problems.

        Raises:
            ConfigError: with all of them.
        """
        if self.found:
            raise ConfigError(message, problems=self.sorted(), where=where)


def shown(value: object) -> str:  # noqa: PLR0911 - a line for each type
    """A value in a problem: in one short line, and what it is where it cannot be short."""
    if isinstance(value, SecretText):
        return f"`{MASK}`"
    if isinstance(value, str):
        return f"`{value if len(value) <= _SHOWN else value[: _SHOWN - 1] + '…'}`"
    if isinstance(value, dict):
        return "a map" if value else "an empty map"
    if isinstance(value, (list, tuple)):
        return "a list" if value else "an empty list"
    if value is None:
        return "nothing"
    if isinstance(value, (bool, int, float)):
        return f"`{json.dumps(value)}`"
    return type(value).__name__


def nearest(name: str, known: Iterable[str]) -> str:
    """The hint that names the known name that was probably meant, or an empty text."""
    near = difflib.get_close_matches(name[:_SHOWN], list(known), n=1)
    return f"did you mean `{near[0]}`?" if near else ""


def listed(names: Iterable[str]) -> str:
    """Names for a message, the first twenty of them."""
    every = [f"`{name}`" for name in names]
    more = f" and {len(every) - 20} more" if len(every) > 20 else ""
    return ", ".join(every[:20]) + more if every else "none"


def _revived(expected: str, found: str, file: str, line: int, path: str, hint: str) -> Problem:
    return Problem(expected, found, file=file, line=line, path=path, hint=hint)


_PARTS: Final = ("expected", "found", "file", "line", "path", "hint")
