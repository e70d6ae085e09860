"""`Egress`: how the HTTP requests of a plugin are made: headers that it never sees, and whom TLS trusts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wardian.document.shapes import MapOf, Text
from wardian.document.structs import Place, Struct, key, place

if TYPE_CHECKING:
    from collections.abc import Mapping

_ORIGIN: Final = Text(
    "a host such as `api.example.com`, `api.example.com:8443` or `http://127.0.0.1:8080`",
    pattern=r"[^\s/]+|http://[^\s/]+",
)
_HEADER: Final = Text("the name of a header", pattern=r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", most=200)


@dataclass(frozen=True, kw_only=True)
class Egress:
    """The headers are templates of secrets still; they are filled in when the plugin is loaded."""

    headers: Mapping[str, Mapping[str, str]] = key(
        MapOf(_ORIGIN, MapOf(_HEADER, Text("the value of a header", secret=True))),
        "Headers that the host adds and the plugin never sees, by the hosts that they are for; `http://HOST` where "
        "they may travel in the clear.",
        factory=dict,
    )
    ca: str | None = key(
        Text("the path of a file", pattern=r".*\S.*", most=4096),
        "A file of certificates (PEM) to trust instead of the public ones.",
        default=None,
    )
    at: Place = place()


EGRESS: Final = Struct(Egress, "How a plugin's HTTP requests are made.")
