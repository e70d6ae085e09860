"""Which addresses are public, however they are wrapped; all others are dialled only where they are granted."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

# Python's own `is_global` differs between versions, and takes multicast and several wrappings for public: these lists
# are those of IANA's registries of special-purpose addresses, with what clouds answer to their guests.
_NOT_PUBLIC_V4: Final = tuple(
    (IPv4Network(network), why)
    for network, why in (
        ("0.0.0.0/8", "this host"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared by a carrier or a cloud"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "metadata"),
        ("169.254.0.0/16", "link-local or metadata"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved for protocols"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "a relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved or broadcast"),
    )
)
_PUBLIC_V6: Final = IPv6Network("2000::/3")  # all that has been given out; what lies outside is special or nothing
_NOT_PUBLIC_V6: Final = tuple(
    (IPv6Network(network), why)
    for network, why in (
        ("2001::/23", "reserved for protocols"),
        ("2001:db8::/32", "documentation"),
        ("3fff::/20", "documentation"),
    )
)
_MAPPED: Final = IPv6Network("::ffff:0:0/96")
_TRANSLATED: Final = IPv6Network("::ffff:0:0:0/96")
_COMPATIBLE: Final = IPv6Network("::/96")
_NAT64: Final = IPv6Network("64:ff9b::/96")
_NAT64_LOCAL: Final = IPv6Network("64:ff9b:1::/48")
_6TO4: Final = IPv6Network("2002::/16")
_TEREDO: Final = IPv6Network("2001::/32")
_ISATAP: Final = (0x00005EFE, 0x02005EFE)  # the upper half of an interface's number


def why_not_public(address: str) -> str | None:
    """Why an address may not be dialled without a grant of its own, or None for a public one.

    Raises:
        ValueError: it is no address.
    """
    parsed = ip_address(address)
    if isinstance(parsed, IPv4Address):
        return next((why for network, why in _NOT_PUBLIC_V4 if parsed in network), None)
    if parsed.scope_id is not None:
        return "of one link"
    held = _held(parsed)
    if held:
        return next((f"{why}, wrapped in IPv6" for each in held if (why := why_not_public(str(each)))), None)
    if int(parsed) >> 32 & 0xFFFF_FFFF in _ISATAP and (
        why := why_not_public(str(IPv4Address(int(parsed) & 0xFFFF_FFFF)))
    ):
        return f"{why}, within an address of IPv6"
    if parsed not in _PUBLIC_V6:
        return "not a public address of IPv6"
    return next((why for network, why in _NOT_PUBLIC_V6 if parsed in network), None)


def same(address: str, other: str) -> bool:
    """Whether two texts name one address."""
    return ip_address(address) == ip_address(other)


def _held(address: IPv6Address) -> list[IPv4Address]:
    """The IPv4 addresses that an IPv6 address is a wrapping of: a router or this machine may unwrap it."""
    bits = int(address)
    low = IPv4Address(bits & 0xFFFF_FFFF)
    if address in _TEREDO:
        server, client = IPv4Address(bits >> 64 & 0xFFFF_FFFF), IPv4Address(~bits & 0xFFFF_FFFF)
        return [server, client]
    if address in _6TO4:
        return [IPv4Address(bits >> 80 & 0xFFFF_FFFF)]
    if address in _NAT64_LOCAL:
        # RFC 6052: in a prefix of 48 bits the address lies around bits 64 to 71; operators use one of 96 as well.
        around = (bits >> 64 & 0xFFFF) << 16 | bits >> 40 & 0xFFFF
        return [IPv4Address(around), low]
    if any(address in network for network in (_MAPPED, _TRANSLATED, _COMPATIBLE, _NAT64)):
        return [low]
    return []
