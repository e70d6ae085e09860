"""`Repository`: one entry of `repositories`: where plugins will be looked for by their names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from wardian.document.shapes import Text
from wardian.document.structs import Place, Struct, key, place


@dataclass(frozen=True, kw_only=True)
class Repository:
    """A place with an index of plugins."""

    url: str = key(Text("a URL that begins with `https://`, `http://` or `file://`", most=2048,
        pattern=r"(?:https?|file)://[^\s@]+"), "Its address, without a user or a password.")  # fmt: skip
    at: Place = place()


REPOSITORY: Final = Struct(Repository, "A repository of plugins.")
