"""`Use`: one entry of `sources`, `steps`, `sinks` or `actions`: a symbol of a plugin, with its configuration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from wardian.config import names
from wardian.config.flow import WINDOW, Window
from wardian.config.permissions import GrantsShape, LimitsShape
from wardian.document.shapes import Flag, Layers, Text, Whole
from wardian.document.structs import Place, Struct, key, place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wardian.document.node import Node

# The kinds of symbol that each group of uses takes, in the words of a package.
KINDS: Final = {
    "sources": ("source",),
    "steps": ("processor", "aggregator", "function"),
    "sinks": ("sink",),
    "actions": ("action",),
}
LEVELS: Final = ("trace", "debug", "info", "warn", "error")
SCOPES: Final = ("instance", "pipeline", "plugin")


@dataclass(frozen=True, kw_only=True)
class Use:
    """A named use of a plugin, or of something that the host makes itself."""

    plugin: str | None = key(names.PLUGIN, "Its plugin, by the name in `plugins`.", default=None)
    type: str | None = key(names.NAME, "What the host makes itself, by its name, instead of a plugin.", default=None)
    symbol: str | None = key(names.SYMBOL, "The symbol of the plugin; it may be left out where there is one of the "
        "kind.", default=None)  # fmt: skip
    config: tuple[Node, ...] = key(Layers(), "Its configuration: a map, or a list of maps of which the later ones "
        "count.", default=())  # fmt: skip
    section: str | None = key(names.SYMBOL, "A named section of the package's configuration, between its defaults and "
        "`config`.", default=None)  # fmt: skip
    instances: int = key(Whole(1, 15_000), "How many instances there may be at a time.", default=1)
    fresh: bool = key(Flag(), "Whether each call has an instance of its own.", default=False)
    limits: Mapping[str, Any] = key(LimitsShape(), "Limits below those of the plugin.", factory=dict)
    grants: Mapping[str, Any] = key(GrantsShape(), "Grants out of those of the plugin; one that is named replaces "
        "the plugin's.", factory=dict)  # fmt: skip
    window: Window | None = key(WINDOW, "How long it gathers records, where it is an aggregator.", default=None)
    scope: str = key(Text(names=SCOPES), "Whose state it has: its own in each pipeline, one that all uses of its "
        "plugin share in a pipeline, or in all of them.", default="instance")  # fmt: skip
    log_level: str | None = key(Text(names=LEVELS), "The least level of its log lines that is written while a pipeline "
        "runs; by default that of the engine.", default=None)  # fmt: skip
    enabled: bool = key(Flag(), "Whether it runs.", default=True)
    at: Place = place()


USE: Final = Struct(Use, "A use of a plugin, under a name of its own.", one_of=("plugin", "type"))
