"""What a call gave, and what it cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wardian.capabilities.capability import Capability
    from wardian.guests.receipt import Receipt
    from wardian.sandbox.deadline import Call
    from wardian.sandbox.instance import Instance

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
            from wardian.guests.receipt import Receipt  # noqa: PLC0415 - 2 ms of every start, for those who look

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
