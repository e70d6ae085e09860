"""What a call cost."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Receipt:
    """What one call cost.

    Attributes:
        wall_ns: nanoseconds from the request's arrival to the reply's.
        cpu_ns: nanoseconds of CPU time that the calling thread spent, host calls included; or None where it was not
            asked for, as it takes two system calls.
        fuel: fuel spent, or None where it is not metered.
        memory: bytes of linear memory at the end; a memory never shrinks, so it is the peak too.
        request_bytes: encoded size of the request.
        reply_bytes: encoded size of the reply.
        host_calls: how often the guest called the host, by import, such as `{"wardian.log": 2}`.
        log_bytes: bytes of log text.
        log_lines: log lines.
        log_dropped: log lines that were dropped for being too many or too long.
        state_bytes: bytes of keys and values written to state.
        emitted: records handed out.
        http_bytes: bytes of the bodies of answers to HTTP requests, decoded.
    """

    wall_ns: int
    cpu_ns: int | None
    fuel: int | None
    memory: int
    request_bytes: int
    reply_bytes: int
    host_calls: Mapping[str, int] = field(default_factory=dict)
    log_bytes: int = 0
    log_lines: int = 0
    log_dropped: int = 0
    state_bytes: int = 0
    emitted: int = 0
    http_bytes: int = 0

    def as_dict(self) -> dict[str, Any]:
        """The same as plain data, for JSON."""
        return {each.name: getattr(self, each.name) for each in fields(self)} | {"host_calls": dict(self.host_calls)}
