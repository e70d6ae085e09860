"""Why a request came to nothing, as its guest is told: never with an address or a text of the inner network."""

from __future__ import annotations

from typing import Final

from wardian.errors import CapabilityError

# Each code with the kind of error that it is; `docs/capabilities.md` has the same table.
KINDS: Final = {
    "destination": "denied",
    "address": "denied",
    "header": "denied",
    "redirect": "denied",
    "certificate": "denied",
    "resolve": "transient",
    "connect": "transient",
    "tls": "transient",
    "timeout": "transient",
    "protocol": "transient",
}


def failed(code: str, message: str) -> CapabilityError:
    """The error of this code."""
    return CapabilityError(KINDS[code], message, guest_code=code)
