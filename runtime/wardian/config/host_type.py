"""`HostType`: a source, step, sink or action that the host makes itself; named by `type` instead of a plugin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wardian.document.shapes import Shape


@dataclass(frozen=True)
class HostType:
    """One of them.

    Attributes:
        name: what `type` says.
        groups: where it may stand: `sources`, `steps`, `sinks`, `actions`.
        config: the shape of its configuration, once the layers of it are merged.
    """

    name: str
    groups: frozenset[str]
    config: Shape[Any]


Types = Mapping[str, HostType]
