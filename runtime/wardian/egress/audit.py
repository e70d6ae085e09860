"""One line for each request that a guest makes: who, where, what came of it, and nothing that is secret."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Final

_log: Final = logging.getLogger("wardian.audit")


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One request, as an operator may keep it: without query, headers or bodies. Each redirect is a request of its own.

    Attributes:
        plugin: the name of the plugin, given by the host.
        instance: the name of the instance, likewise.
        method: the method; empty when what was asked is no request.
        url: scheme, host, port and path; empty likewise.
        address: the address that was dialled, or the one for which it was refused; empty when it did not come to that.
        status: the status of the answer, or None when there was none.
        error: why there was none, or why it was not passed on, such as `address` or `timeout`; empty otherwise.
        sent: bytes of the body that was sent.
        received: bytes of the answer's body, decoded.
        seconds: how long it took.
    """

    plugin: str
    instance: str
    method: str
    url: str
    address: str
    status: int | None
    error: str
    sent: int
    received: int
    seconds: float


def to_logging(line: AuditLine) -> None:
    """Hand a line to Python's `logging`, as the logger `wardian.audit`: warnings for what was refused."""
    level = logging.WARNING if line.error else logging.INFO
    if _log.isEnabledFor(level):
        came = line.error or str(line.status)
        _log.log(
            level, "%s/%s: %s %s -> %s (%s, %d bytes, %.3f s)", line.plugin, line.instance, line.method or "?",
            line.url or "?", came, line.address or "not dialled", line.received, line.seconds, extra={"wardian": line},
        )  # fmt: skip
