"""What a call cost."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wardian.capabilities.capability import Capability
    from wardian.sandbox.deadline import Call
    from wardian.sandbox.instance import Instance


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


_new: Final = object.__new__


class Outcome:
    """What a call gave and what it cost; a value, which nothing changes.

    Its receipt is made when it is first asked for: what is measured is kept as it is until then, a microsecond less.

    Attributes:
        value: the decoded reply.
        receipt: the cost.
    """

    __match_args__ = ("value", "receipt")
    __slots__ = ("_cost", "_value")

    _cost: Receipt | tuple[Any, ...]  # or what a receipt is made of: its first fields, and the others by name

    def __init__(self, value: Any, receipt: Receipt) -> None:  # noqa: ANN401 - whatever the guest answers
        self._value, self._cost = value, receipt

    @property
    def value(self) -> Any:  # noqa: ANN401 - likewise
        """The decoded reply."""
        return self._value

    @property
    def receipt(self) -> Receipt:
        """What the call cost."""
        cost = self._cost
        if isinstance(cost, tuple):
            *measured, used = cost
            cost = self._cost = Receipt(*measured, **used)
        return cost

    def __eq__(self, other: object) -> bool:
        if type(other) is not Outcome:
            return NotImplemented
        return bool(self.value == other.value) and self.receipt == other.receipt

    __hash__ = None  # type: ignore[assignment] # a reply is a list or a map, mostly

    def __repr__(self) -> str:
        return f"Outcome(value={self.value!r}, receipt={self.receipt!r})"


def measure(
    value: object, instance: Instance, touched: Sequence[Capability], call: Call, wall: int, cpu: int | None,
    request: int, reply: int,
) -> Outcome:  # fmt: skip
    """The value of a call that is over but not settled, with its receipt; times in nanoseconds, sizes in bytes."""
    fuel = left = instance.limits.fuel
    if fuel is not None and (left := instance.fuel_left()) is not None:
        fuel -= left
    used: dict[str, Any] = {} if call.host_calls is None else {"host_calls": call.host_calls}
    if touched:
        for capability in touched:
            used.update(capability.used())
    outcome = _new(Outcome)
    outcome._value = value  # noqa: SLF001 - as its constructor does, but before there is a receipt
    outcome._cost = (wall, cpu, fuel, instance.memory.refresh(), request, reply, used)  # noqa: SLF001
    return outcome
