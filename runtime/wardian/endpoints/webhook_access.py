"""Who may post to a webhook: decided from the head of a request, before its body is read."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wardian.endpoints.http_exchange import Refused
from wardian.endpoints.loopback import is_loopback
from wardian.hosts import parse_authority

if TYPE_CHECKING:
    from wardian.endpoints.http_exchange import Head


@dataclass(frozen=True, slots=True)
class Access:
    """What lets a request in.

    Attributes:
        token: what it has to bring as `Authorization: Bearer …`, or None for nothing.
        loopback: whether it has to name a host of this machine, as no page of another site can have a browser do.
    """

    token: str | None = field(repr=False)
    loopback: bool

    def judge(self, head: Head) -> None:
        """Raise `Refused` for a request that is not let in."""
        if self.loopback and not _names_loopback(head.header("host")):
            raise Refused(403, "the header `Host` names no host of this machine")
        if self.token is None:
            if head.count("origin"):
                # Without a token any page that a browser on this machine shows could post here.
                raise Refused(403, "requests of web pages are taken with a token only")
            return
        given = head.header("authorization") or ""
        scheme, _, token = given.partition(" ")
        # Digests of one length: how long the comparison takes says nothing about the token.
        same = hmac.compare_digest(_digest(token.strip()), _digest(self.token))
        if scheme.lower() != "bearer" or not same:
            raise Refused(401, "expected `Authorization: Bearer` with the token", {"WWW-Authenticate": "Bearer"})


def _names_loopback(authority: str | None) -> bool:
    try:
        host, _ = parse_authority(authority or "")
    except ValueError:
        return False
    return is_loopback(host.text)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
