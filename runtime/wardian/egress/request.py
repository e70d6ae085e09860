"""What a guest asks for, as a checked value."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from wardian.egress.destination import Destination, NoDestination, parse_url
from wardian.errors import CapabilityError

if TYPE_CHECKING:
    from collections.abc import Mapping

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# What frames a message, belongs to one connection or to a proxy, or is set here.
_OWN: Final = frozenset({
    "accept-encoding", "connection", "content-length", "expect", "host", "http2-settings", "keep-alive", "te",
    "trailer", "trailers", "transfer-encoding", "upgrade", "via",
})  # fmt: skip
_OWN_PREFIX: Final = "proxy-"
# What a browser would not carry to another origin either.
_PRIVATE: Final = frozenset({"authorization", "cookie", "cookie2"})
_OF_BODIES: Final = ("content-",)
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}")
_VALUE: Final = re.compile(r"[!-~](?:[\t -~]*[!-~])?|")
_MOST_HEADERS: Final = 100
_LONGEST_VALUE: Final = 8_192
_MOST_MS: Final = 2**53
_FIELDS: Final = frozenset({"method", "url", "headers", "body", "timeout_ms"})


@dataclass(frozen=True, slots=True)
class Request:
    """One request, checked: nothing in it can change how the message is framed or where it goes.

    Attributes:
        method: one of `METHODS`.
        destination: where it goes.
        headers: names in lower case and values, in the guest's order; without those that are set here.
        body: its bytes, or None for none.
        patience: seconds that the guest gives it, or None.
    """

    method: str
    destination: Destination
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes | None = field(default=None, repr=False)
    patience: float | None = None

    def has(self, name: str) -> bool:
        """Whether the guest set a header of this name, in lower case, or of one that servers may take for it."""
        return any(name.replace("_", "-") == own.replace("_", "-") for own, _ in self.headers)

    def redirected(self, status: int, destination: Destination) -> Request:
        """The request that a redirect asks for (RFC 9110, section 15.4).

        301 and 302 make a POST a GET, 303 everything but HEAD; 307 and 308 change nothing. What is private is left
        behind where the origin changes.
        """
        headers = self.headers
        if destination.origin != self.destination.origin:
            headers = tuple(each for each in headers if each[0] not in _PRIVATE)
        drops = (status in (301, 302) and self.method == "POST") or (status == 303 and self.method != "HEAD")
        if not drops:
            return replace(self, destination=destination, headers=headers)
        kept = tuple(each for each in headers if not each[0].startswith(_OF_BODIES))
        return replace(self, method="GET", destination=destination, headers=kept, body=None)


def parse_request(given: object) -> Request:
    """The request in a guest's map `{method, url, ?headers, ?body, ?timeout_ms}`.

    Raises:
        CapabilityError: `invalid`, saying what was expected; nothing of the guest's own text is in it but names.
    """
    if not isinstance(given, dict) or not given.keys() <= _FIELDS:
        raise _invalid("expected {method, url, ?headers, ?body, ?timeout_ms}")
    method = given.get("method")
    if not isinstance(method, str) or method not in METHODS:
        raise _invalid(f"`method`: expected one of {', '.join(METHODS)}")
    return Request(
        method,
        _destination(given.get("url")),
        _headers(given.get("headers")),
        _body(given.get("body")),
        _patience(given.get("timeout_ms")),
    )


def check_header(name: str, value: str) -> str:
    """The name in lower case.

    Raises:
        ValueError: it is no header that can be given; the text holds nothing of the value.
    """
    if not _TOKEN.fullmatch(name):
        raise ValueError("expected names of letters, digits and `-`")
    lower = name.lower()
    # Servers that hand headers on as variables take `_` for `-`.
    if (meant := lower.replace("_", "-")) in _OWN or meant.startswith(_OWN_PREFIX):
        raise ValueError(f"`{lower}` is set by the host")
    if len(value) > _LONGEST_VALUE or not _VALUE.fullmatch(value):
        raise ValueError(f"`{lower}`: expected at most {_LONGEST_VALUE} printable characters of ASCII")
    return lower


def _destination(given: object) -> Destination:
    if not isinstance(given, str):
        raise _invalid("`url`: expected a text")
    try:
        return parse_url(given)
    except NoDestination as error:
        raise _invalid(f"`url`: {error}") from None


def _headers(given: object) -> tuple[tuple[str, str], ...]:
    if given is None:
        return ()
    if not isinstance(given, dict) or len(given) > _MOST_HEADERS:
        raise _invalid(f"`headers`: expected a map of at most {_MOST_HEADERS} texts")
    checked: dict[str, str] = {}
    for name, value in given.items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise _invalid("`headers`: expected names and values as texts")
        try:
            lower = check_header(name, value)
        except ValueError as error:
            raise _invalid(f"`headers`: {error}") from None
        if lower in checked:
            raise _invalid(f"`headers`: `{lower}` is there twice")
        checked[lower] = value
    return tuple(checked.items())


def _body(given: object) -> bytes | None:
    if given is None or isinstance(given, bytes):
        return given
    if not isinstance(given, str):
        raise _invalid("`body`: expected bytes or a text")
    return given.encode()


def _patience(given: object) -> float | None:
    if given is None:
        return None
    if not isinstance(given, int) or isinstance(given, bool) or not 1 <= given <= _MOST_MS:
        raise _invalid("`timeout_ms`: expected a whole number of milliseconds from 1")
    return given / 1000


def _invalid(message: str) -> CapabilityError:
    return CapabilityError("invalid", message)


def secret_headers(given: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Headers that an operator gives, checked as a guest's are.

    Raises:
        ValueError: as `check_header` does.
    """
    return tuple((check_header(name, value), value) for name, value in given.items())
