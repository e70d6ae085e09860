"""`Pipeline`: which sources go through which steps into which sinks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from wardian.config import names
from wardian.document.shapes import Flag, ListOf, Text
from wardian.document.structs import Place, Struct, key, place

_NAMES: Final = ListOf(names.NAME, unique=True)
_SOME: Final = ListOf(names.NAME, least=1, unique=True)


@dataclass(frozen=True, kw_only=True)
class Pipeline:
    """Sources, steps and sinks by their names; steps in the order of the list."""

    sources: tuple[str, ...] = key(_SOME, "Where records come from, by the names in `sources`.")
    steps: tuple[str, ...] = key(_NAMES, "What they go through, in this order, by the names in `steps`.", default=())
    sinks: tuple[str, ...] = key(_SOME, "Where they go, by the names in `sinks`; each gets all of them.")
    description: str = key(Text(), "What it is for.", default="")
    enabled: bool = key(Flag(), "Whether it runs.", default=True)
    at: Place = place()


PIPELINE: Final = Struct(Pipeline, "A pipeline: from sources through steps into sinks.")
