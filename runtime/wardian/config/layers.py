"""The layers of a use's configuration, the weakest first, and what they make together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wardian.document.node import Node, merged
from wardian.document.problem import Problems, listed, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class Layered:
    """What a plugin's instance is configured with.

    Attributes:
        merged: all layers as one: maps key by key, a later layer wins, lists are replaced.
        layers: each by itself, the weakest first: the package's defaults, its section, those of the file, of the
            environment, of `--set`. Its `file` says where a layer is from.
    """

    merged: Node
    layers: tuple[Node, ...]


def layered(
    config: Sequence[Node],
    *,
    defaults: Mapping[str, Any] | None = None,
    sections: Mapping[str, Mapping[str, Any]] | None = None,
    section: Node | None = None,
    package: str = "the package",
    path: str = "",
    problems: Problems,
) -> Layered:
    """Put layers over each other.

    Args:
        config: the layers of the file and of what overrides it, the weakest first.
        defaults: what the package says for whoever says nothing else.
        sections: the package's named sets of configuration.
        section: the name of the one that is chosen, or None.
        package: what the layers of the package are called in problems.
        path: the path of the use.
        problems: takes a section that there is not.
    """
    layers = [Node.of(dict(defaults), f"{package}, defaults")] if defaults else []
    if section is not None and section.value is not None:
        there = sections or {}
        if section.value in there:
            layers.append(Node.of(dict(there[section.value]), f"{package}, section {section.value}"))
        else:
            hint = nearest(str(section.value), there)
            problems.note(section, f"{path}.section", f"a section of {package}: {listed(there)}", hint=hint)
    layers.extend(config)
    return Layered(merged_layers(layers, Node({})), tuple(layers))


def merged_layers(layers: Sequence[Node], none: Node) -> Node:
    """All layers as one; where there are none, an empty map where `none` stands."""
    made = Node({}, none.file, none.line, none.key_line)
    for each in layers:
        made = merged(made, each)
    return made
