"""Shapes of what is measured: sizes, numbers with a fraction, and durations that are not nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from wardian.document.shapes import Duration, Leaf, Schema, Unfit
from wardian.quantity import format_size, parse_size

if TYPE_CHECKING:
    from wardian.document.node import Node
    from wardian.document.problem import Problems

SPAN: Final = Duration(least=0.001)  # what something waits or divides by, and must not be nothing
SIZE_PATTERN: Final = r"^\s*[0-9]+(\.[0-9]+)?\s*([KkMmGg][Ii]?)?[Bb]?\s*$"


@dataclass(frozen=True)
class Size(Leaf):
    """A size in bytes: a text with its unit, or a number of bytes."""

    expected: ClassVar[str] = "a size such as `64KiB`, `16MiB` or a number of bytes"
    least: int = 1
    most: int = 2**40

    def read(self, node: Node, path: str, problems: Problems) -> int:
        """The bytes."""
        try:
            size = parse_size(node.value)
        except ValueError:
            size = -1
        if self.least <= size <= self.most:
            return size
        bounds = f", from {format_size(self.least)} to {format_size(self.most)}" if size >= 0 else ""
        problems.note(node, path, self.expected + bounds)
        raise Unfit

    def schema(self, definitions: dict[str, Schema]) -> Schema:  # noqa: ARG002 - as of `Shape`
        """The same as a JSON Schema."""
        return {"type": ["string", "integer"], "pattern": SIZE_PATTERN, "minimum": self.least, "maximum": self.most}

    def written(self, size: int) -> str:
        """A value of it as a person writes it."""
        return format_size(size)


@dataclass(frozen=True)
class Number(Leaf):
    """A number within bounds, whole or not."""

    least: float
    most: float

    def read(self, node: Node, path: str, problems: Problems) -> float:
        """The number."""
        value = node.value
        if isinstance(value, (int, float)) and not isinstance(value, bool) and self.least <= value <= self.most:
            return float(value)
        problems.note(node, path, f"a number from {self.least:g} to {self.most:g}")
        raise Unfit

    def schema(self, definitions: dict[str, Schema]) -> Schema:  # noqa: ARG002 - as of `Shape`
        """The same as a JSON Schema."""
        return {"type": "number", "minimum": self.least, "maximum": self.most}
