"""`Lane`: a step or a sink of a pipeline, and which of its records go there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wardian.config import names
from wardian.document.structs import Place, Struct, key, place

if TYPE_CHECKING:
    from wardian.document.node import Node
    from wardian.document.problem import Problems
    from wardian.document.shapes import Schema, Shape


@dataclass(frozen=True, kw_only=True)
class Lane:
    """A step or a sink, by its name, and the output whose records it takes."""

    name: str = key(names.NAME, "Its name, as in `steps` or `sinks`.")
    path: str | None = key(names.SYMBOL, "The output whose records it takes, as plugins name it in the `path` of a "
        "record; those of other outputs go past it. By default the records without one.", default=None)  # fmt: skip
    at: Place = place()


_WHOLE: Final = Struct(Lane, "A step or a sink, and which records go there.")


@dataclass(frozen=True)
class LaneShape:
    """A name, or a map with the name and the path."""

    def read(self, node: Node, path: str, problems: Problems) -> Lane:
        """The lane; a name alone takes the records without a path."""
        if isinstance(node.value, dict):
            return _WHOLE.read(node, path, problems)
        return Lane(name=names.NAME.read(node, path, problems), at=Place(node, path))

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        """The same as a JSON Schema."""
        return {"anyOf": [names.NAME.schema(definitions), _WHOLE.schema(definitions)]}

    def inner(self, key: str) -> Shape[object] | None:
        """The shape of one key of the map."""
        return _WHOLE.inner(key)

    def known(self, node: Node) -> tuple[str, ...] | None:
        """The keys of the map, where it is one."""
        return _WHOLE.known(node) if isinstance(node.value, dict) else ()
