"""Which addresses are this machine's alone."""

from __future__ import annotations


def is_loopback(address: str) -> bool:
    """Whether an address, or the name `localhost`, is this machine's alone."""
    from ipaddress import ip_address  # noqa: PLC0415 - 5 ms of a start

    try:
        return ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"
