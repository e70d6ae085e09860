"""Hosts as operators grant them and as URLs name them, read by one strict parser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_LABEL: Final = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_NAME: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_LONGEST: Final = 253  # characters of a name, RFC 1035
# What ends in a number is an address to every resolver, also where it is written as no person would: `127.1`, `0x7f.1`.
_NUMBER_AT_THE_END: Final = re.compile(r"(?:.*\.)?(?:[0-9]+|0[xX][0-9A-Fa-f]*)")
_AUTHORITY: Final = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+)(?::(?P<port>[1-9][0-9]{0,4}))?")
_LARGEST_PORT: Final = 65_535


@dataclass(frozen=True, slots=True)
class Host:
    """A name, or an address, in the one way that it is written here.

    Attributes:
        text: the name in lower case, or the address in its shortest form and without brackets.
        address: whether it is an address.
    """

    text: str
    address: bool = False

    def __str__(self) -> str:
        return f"[{self.text}]" if ":" in self.text else self.text


@dataclass(frozen=True, slots=True)
class GrantedHost:
    """One entry of `Grants(http=…)`.

    Attributes:
        host: the host, or the one whose subdomains are meant.
        port: its port, or None for those that the schemes use by default.
        below: whether its subdomains are meant, and not the host itself.
    """

    host: Host
    port: int | None
    below: bool

    def covers(self, host: Host, port: int, default_port: int) -> bool:
        """Whether it allows this port of this host; `default_port` is that of the scheme in use."""
        if port != (default_port if self.port is None else self.port):
            return False
        if self.below:
            return not host.address and host.text.endswith(f".{self.host.text}")
        return host == self.host


def parse_granted(text: str) -> GrantedHost:
    """`host`, `host:port`, `*.host:port` for its subdomains, `ip:port`, `[ipv6]:port`.

    Raises:
        ValueError: it is none of these.
    """
    below = text.startswith("*.")
    host, port = parse_authority(text.removeprefix("*."))
    if below and host.address:
        raise ValueError("an address has no subdomains")
    return GrantedHost(host, port, below)


def parse_authority(text: str) -> tuple[Host, int | None]:
    """Host and port of `host`, `host:port`, `ip:port` or `[ipv6]:port`; the port is None where there is none.

    Raises:
        ValueError: it is none of these; there is no user name, no percent sign, no zone, no dot at the end.
    """
    match = _AUTHORITY.fullmatch(text)
    if match is None:
        raise ValueError("expected `host` or `host:port`")
    port = None if match["port"] is None else int(match["port"])
    if port is not None and port > _LARGEST_PORT:
        raise ValueError(f"expected a port of at most {_LARGEST_PORT}")
    return parse_host(match["host"]), port


def parse_host(text: str) -> Host:
    """A name in ASCII, an IPv4 address of four decimal numbers, or an IPv6 address in brackets.

    Raises:
        ValueError: it is none of these.
    """
    if text.startswith("["):
        from ipaddress import IPv6Address  # noqa: PLC0415 - 5 ms of a start, for those who grant hosts

        return Host(str(IPv6Address(text[1:-1])), address=True)
    if _NUMBER_AT_THE_END.fullmatch(text):
        from ipaddress import IPv4Address  # noqa: PLC0415

        return Host(str(IPv4Address(text)), address=True)
    if len(text) > _LONGEST or not _NAME.fullmatch(text):
        raise ValueError("expected a host's name of letters, digits, `-`, `_` and single dots")
    return Host(text.lower())
