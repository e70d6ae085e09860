"""Shapes: what a value must look like, declared once; each reads nodes, and says the same as a JSON Schema.

A shape is a frozen value. Reading notes every problem and goes on; what could not be read is `Unfit`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, Protocol, TypeVar

from wardian.document.node import Node, below
from wardian.document.problem import Problems, listed, nearest, shown
from wardian.document.secret_text import SecretText
from wardian.quantity import format_duration, parse_duration

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

Schema = dict[str, Any]

_DURATION: Final = r"^\s*([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h|d))+\s*$"


class Unfit(Exception):  # noqa: N818 - ends the reading of one value; why has been noted
    """The value is not of its shape, and that has been noted."""


class Shape(Protocol[T_co]):
    """What a value must look like."""

    def read(self, node: Node, path: str, problems: Problems) -> T_co:
        """The typed value; raises `Unfit` after all that is wrong was noted."""
        ...

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        """The same as a JSON Schema; what has a name of its own goes into the definitions."""
        ...

    def inner(self, key: str) -> Shape[object] | None:
        """The shape of what the key holds: None where any key may hold anything. Raises `KeyError` for no such key."""
        ...

    def known(self, node: Node) -> tuple[str, ...] | None:
        """The keys that the node can have: None where any will do."""
        ...


class Leaf:
    """A shape that holds no keys."""

    def inner(self, key: str) -> Shape[object] | None:
        """There is no key."""
        raise KeyError(key)

    def known(self, node: Node) -> tuple[str, ...] | None:  # noqa: ARG002 - as of `Shape`
        """There is no key."""
        return ()


@dataclass(frozen=True)
class Text(Leaf):
    """A text.

    Attributes:
        expected: what it is, in words for a problem.
        pattern: a regular expression for all of it, or an empty text.
        most: characters that it may have.
        names: the texts that there are, or none for any.
        secret: whether a problem must not show what was written.
    """

    expected: str = "a text"
    pattern: str = ""
    most: int = 10_000
    names: tuple[str, ...] = ()
    secret: bool = False

    def read(self, node: Node, path: str, problems: Problems) -> str:
        """The text."""
        value = node.value
        fits = isinstance(value, str) and len(value) <= self.most
        if fits and self.names:
            fits = value in self.names
        elif fits and self.pattern:
            fits = re.fullmatch(self.pattern, value) is not None
        if fits:
            # A secret stays one: as a plain text it would be its mask.
            return value if isinstance(value, SecretText) else str(value)
        expected = f"one of {listed(self.names)}" if self.names else self.expected
        hint = nearest(value, self.names) if isinstance(value, str) else ""
        if isinstance(value, (bool, int, float)) and not self.names:
            hint = "quote it"
        problems.note(node, path, expected, "something else" if self.secret else None, hint=hint)
        raise Unfit

    def schema(self, definitions: dict[str, Schema]) -> Schema:  # noqa: ARG002 - as of `Shape`
        """The same as a JSON Schema."""
        if self.names:
            return {"type": "string", "enum": list(self.names)}
        pattern = {"pattern": f"^(?:{self.pattern})$"} if self.pattern else {}
        return {"type": "string", **pattern, "maxLength": self.most}


@dataclass(frozen=True)
class Flag(Leaf):
    """`true` or `false`."""

    def read(self, node: Node, path: str, problems: Problems) -> bool:
        """The truth."""
        if isinstance(node.value, bool):
            return node.value
        said = str(node.value).lower()
        hint = "write `true`" if said in ("on", "yes") else "write `false`" if said in ("off", "no") else ""
        problems.note(node, path, "`true` or `false`", hint=hint)
        raise Unfit

    def schema(self, definitions: dict[str, Schema]) -> Schema:  # noqa: ARG002
        """The same as a JSON Schema."""
        return {"type": "boolean"}


@dataclass(frozen=True)
class Whole(Leaf):
    """A whole number within bounds."""

    least: int
    most: int

    def read(self, node: Node, path: str, problems: Problems) -> int:
        """The number."""
        value = node.value
        if isinstance(value, int) and not isinstance(value, bool) and self.least <= value <= self.most:
            return value
        problems.note(node, path, f"a whole number from {self.least} to {self.most}")
        raise Unfit

    def schema(self, definitions: dict[str, Schema]) -> Schema:  # noqa: ARG002
        """The same as a JSON Schema."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True)
class Duration(Leaf):
    """A duration in seconds: a text with its unit, or a number of milliseconds."""

    expected: ClassVar[str] = "a duration such as `250ms`, `2s`, `1m30s` or a number of milliseconds"
    most: float = 365 * 86_400.0
    least: float = 0.0

    def read(self, node: Node, path: str, problems: Problems) -> float:
        """The seconds."""
        seconds = seconds_of(node.value)
        if seconds is not None and self.least <= seconds <= self.most:
            return seconds
        least = f", at least {format_duration(self.least)}" if self.least else ""
        problems.note(node, path, self.expected + least)
        raise Unfit

    def schema(self, definitions: dict[str, Schema]) -> Schema:  # noqa: ARG002
        """The same as a JSON Schema."""
        least, most = round(self.least * 1000), self.most * 1000
        return {"type": ["string", "number"], "pattern": _DURATION, "minimum": least, "maximum": most}

    def written(self, seconds: float) -> str:
        """A value of it as a person writes it."""
        return format_duration(seconds)


def seconds_of(value: object) -> float | None:
    """Seconds, of a text with its unit or of a number of milliseconds; None for anything else."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value / 1000
    try:
        return parse_duration(value)
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True)
class ListOf(Generic[T]):
    """A list of values of one shape, as a tuple; `unique` where each may stand once."""

    item: Shape[T]
    least: int = 0
    most: int = 1_000
    unique: bool = False

    def read(self, node: Node, path: str, problems: Problems) -> tuple[T, ...]:
        """The values."""
        if not isinstance(node.value, list):
            problems.note(node, path, "a list", _kind(node.value), hint="begin each item with `-`")
            raise Unfit
        before, made, seen = len(problems), list[T](), set[str]()
        if not self.least <= len(node.value) <= self.most:
            problems.note(node, path, f"{self.least} to {self.most} items", str(len(node.value)))
        for at, held in node.children(path):
            if self.unique and isinstance(held.value, str):
                if held.value in seen:
                    problems.note(held, at, "each item once", f"{shown(held.value)} again")
                seen.add(held.value)
            made.extend(_tried(self.item, held, at, problems))
        if len(problems) > before:
            raise Unfit
        return tuple(made)

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        """The same as a JSON Schema."""
        unique = {"uniqueItems": True} if self.unique else {}
        least = {"minItems": self.least} if self.least else {}
        return {"type": "array", "items": self.item.schema(definitions), **least, "maxItems": self.most, **unique}

    def inner(self, key: str) -> Shape[object] | None:
        """A list has no keys."""
        raise KeyError(key)

    def known(self, node: Node) -> tuple[str, ...] | None:  # noqa: ARG002
        """A list has no keys."""
        return ()


@dataclass(frozen=True)
class MapOf(Generic[T]):
    """A map of names of one shape to values of another."""

    name: Text
    value: Shape[T]
    most: int = 10_000
    check: Callable[[Node, str, Problems], None] | None = None

    def read(self, node: Node, path: str, problems: Problems) -> dict[str, T]:
        """The values by their names."""
        if not isinstance(node.value, dict):
            problems.note(node, path, "a map of names to values")
            raise Unfit
        before, made = len(problems), dict[str, T]()
        if len(node.value) > self.most:
            problems.note(node, path, f"at most {self.most} names", str(len(node.value)))
        for key, held in node.value.items():
            at = below(path, key)
            _tried(self.name, Node(key, held.file, held.key_line or held.line), at, problems)
            for value in _tried(self.value, held, at, problems):
                made[key] = value
        if self.check:
            self.check(node, path, problems)
        if len(problems) > before:
            raise Unfit
        return made

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        """The same as a JSON Schema."""
        names = self.name.schema(definitions)
        return {"type": "object", "propertyNames": names, "additionalProperties": self.value.schema(definitions)}

    def inner(self, key: str) -> Shape[object] | None:  # noqa: ARG002
        """Each name holds a value of the same shape."""
        return self.value

    def known(self, node: Node) -> tuple[str, ...] | None:
        """The names that are there."""
        return tuple(node.value) if isinstance(node.value, dict) else ()


@dataclass(frozen=True)
class Anything:
    """Plain data of any form, kept as a node so that its lines are known; a map only, where `map_only` is set."""

    map_only: bool = False

    def read(self, node: Node, path: str, problems: Problems) -> Node:
        """The node itself."""
        if self.map_only and not isinstance(node.value, dict):
            problems.note(node, path, "a map of names to values")
            raise Unfit
        return node

    def schema(self, definitions: dict[str, Schema]) -> Schema:  # noqa: ARG002
        """The same as a JSON Schema."""
        return {"type": "object"} if self.map_only else {}

    def inner(self, key: str) -> Shape[object] | None:  # noqa: ARG002
        """Any key may hold anything."""
        return None

    def known(self, node: Node) -> tuple[str, ...] | None:  # noqa: ARG002
        """Any key will do."""
        return None


@dataclass(frozen=True)
class Layers:
    """A map, or a list of maps that are merged in their order; kept as the nodes of the single maps."""

    one: Anything = field(default=Anything(map_only=True))

    def read(self, node: Node, path: str, problems: Problems) -> tuple[Node, ...]:
        """The maps."""
        if isinstance(node.value, list):
            return ListOf(self.one, most=64).read(node, path, problems)
        if isinstance(node.value, dict):
            return (node,)
        problems.note(node, path, "a map, or a list of maps")
        raise Unfit

    def schema(self, definitions: dict[str, Schema]) -> Schema:  # noqa: ARG002
        """The same as a JSON Schema."""
        return {"type": ["object", "array"], "items": {"type": "object"}, "maxItems": 64}

    def inner(self, key: str) -> Shape[object] | None:  # noqa: ARG002
        """Any key may hold anything."""
        return None

    def known(self, node: Node) -> tuple[str, ...] | None:  # noqa: ARG002
        """Any key will do."""
        return None


def _kind(value: object) -> str:
    """What a value is, without showing it: it may be a secret that was meant for a list of words."""
    return "a map" if isinstance(value, dict) else "nothing" if value is None else "one value alone"


def _tried(shape: Shape[T], node: Node, path: str, problems: Problems) -> tuple[T, ...]:
    """The value alone, or nothing where it is unfit."""
    try:
        return (shape.read(node, path, problems),)
    except Unfit:
        return ()
