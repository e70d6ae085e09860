"""Where a request goes: what a URL says, read once by one strict parser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from wardian.hosts import parse_authority

if TYPE_CHECKING:
    from wardian.hosts import Host

DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_LONGEST: Final = 8_192  # characters; servers refuse longer ones
_SHOWN: Final = 1_000  # characters of a path in an audit line
# The characters of RFC 3986 and no others. What browsers mend (spaces, backslashes, control characters, other
# alphabets) is what two parsers read in two ways.
_PART: Final = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*"
_URL: Final = re.compile(
    rf"(?P<scheme>[Hh][Tt][Tt][Pp][Ss]?)://(?P<authority>[^/?#@\\]*)(?P<path>(?:/{_PART})?)(?P<query>(?:\?(?:{_PART[:-1]}|\?)*)?)"
)
_LOCATION: Final = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@/?%\[\]-]{1,8192}")
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class NoDestination(ValueError):  # noqa: N818 - what happened
    """The text is no URL that a request can go to; the message says why, and holds nothing of the text."""


@dataclass(frozen=True, slots=True)
class Destination:
    """What a URL asks for.

    Attributes:
        scheme: `http` or `https`.
        host: the host.
        port: the port, that of the scheme where the URL has none.
        target: path and query, as they are sent; never empty.
    """

    scheme: str
    host: Host
    port: int
    target: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port: what a secret belongs to."""
        return self.scheme, self.host.text, self.port

    @property
    def authority(self) -> str:
        """The value of the header `Host`."""
        return str(self.host) if self.port == DEFAULT_PORTS[self.scheme] else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole of it, in the one way that it is written here."""
        return f"{self.scheme}://{self.authority}{self.target}"

    @property
    def shown(self) -> str:
        """It without its query, which may hold secrets, for audit lines."""
        path = self.target.partition("?")[0]
        return f"{self.scheme}://{self.authority}{path if len(path) <= _SHOWN else f'{path[:_SHOWN]}…'}"


def parse_url(text: str) -> Destination:
    """The destination of an absolute URL of the scheme `http` or `https`.

    Raises:
        NoDestination: it is of another scheme or form, has a user name or a fragment, or its host is none.
    """
    if len(text) > _LONGEST:
        raise NoDestination(f"expected a URL of at most {_LONGEST} characters")
    match = _URL.fullmatch(text)
    if match is None:
        raise NoDestination(
            "expected `http://HOST/…` or `https://HOST/…`, without user name, fragment or odd characters"
        )
    scheme = match["scheme"].lower()
    try:
        host, port = parse_authority(match["authority"])
    except ValueError:
        raise NoDestination(
            "the host of the URL is neither a name in ASCII nor an address, or its port is none"
        ) from None
    return Destination(scheme, host, port or DEFAULT_PORTS[scheme], (match["path"] or "/") + match["query"])


def parse_location(text: str, base: Destination) -> Destination:
    """The destination that a redirect names, perhaps relative to the one that answered with it.

    Raises:
        NoDestination: as `parse_url` does; a fragment is left out, for it is no part of a request.
    """
    text = text.partition("#")[0]
    if not _LOCATION.fullmatch(text):
        raise NoDestination("the redirect leads to what is no URL")
    if _ABSOLUTE.match(text):
        return parse_url(text)
    if text.startswith("//"):
        return parse_url(f"{base.scheme}:{text}")
    # What `urljoin` makes of it is read by the strict parser, and nothing else decides or is sent.
    return parse_url(urljoin(base.url, text))
