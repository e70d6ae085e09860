"""Records that a guest hands out while its call runs: kept until the call succeeds, and delivered then."""

from __future__ import annotations

from collections.abc import Callable
from types import CoroutineType
from typing import TYPE_CHECKING, ClassVar, Final

from wardian.abi.bounds import Bounds
from wardian.abi.plain import count_plain
from wardian.capabilities.capability import QuotaSpent
from wardian.errors import CapabilityError, HostFunctionError
from wardian.record import NotARecord, Record, records_from
from wardian.sandbox.faults import told

if TYPE_CHECKING:
    from wardian.policy import Limits
    from wardian.sandbox.deadline import Call

# Takes the records of one call, on its thread. Where it has an attribute `room`, that is called for how many records
# of one call are wanted at most.
Taker = Callable[[list[Record]], object]

# What is kept lies in the host until its call ends, so a call may not fill it by asking often: all of its records
# together have at most so many times the bytes of one request, and the items of one.
_REQUESTS: Final = 4


class Emit:
    """The records of one instance's running call.

    Args:
        limits: `emitted` bounds the records of one call; `request` and `items` what they take while they are kept.
        taker: takes them when a call succeeds, unless the call itself has one; None where nobody does.
    """

    settles: ClassVar[int] = -1  # before what is kept elsewhere: what cannot be delivered fails the call

    def __init__(self, limits: Limits, taker: Taker | None) -> None:
        self._limits, self._taker = limits, taker
        self._to: Taker | None = None
        self._begin()

    def emit(self, call: Call, request: object) -> int:
        """A list of records → how many of them, from the first on, were taken."""
        taker: Taker | None = self._taker if call.taker is None else call.taker
        if taker is None:
            raise CapabilityError("denied", "nobody takes records here")
        if request == []:
            return 0
        kept, most = self._kept, self._limits.emitted
        if isinstance(request, list) and len(kept) >= most:
            asked = len(kept) + len(request)
            raise QuotaSpent("emitted", f"the call may emit {most} records", value=most, asked=asked)
        try:
            records = records_from(request)
        except NotARecord as error:
            raise CapabilityError("invalid", str(error)) from None
        taken = min(len(records), most - len(kept), max(0, _room(taker, most) - len(kept)))
        if taken:
            self._spend(call.asked_bytes, request)
            self._to = taker
            kept.extend(records[:taken])
        return taken

    def used(self) -> dict[str, int]:
        """How many records the running call has handed out so far."""
        return {"emitted": len(self._kept)}

    def settle(self, *, succeeded: bool) -> None:
        """Deliver the records of the call, or drop them.

        Raises:
            HostFunctionError: from whatever the taker raised.
        """
        records, taker = self._kept, self._to
        self._begin()
        if not succeeded or not records or taker is None:
            return
        try:
            reply = taker(records)
            if type(reply) is CoroutineType:
                reply.close()
                raise TypeError("what takes records cannot be asynchronous")  # noqa: TRY301 - told as all others
        except Exception as raised:
            raise _failed(raised) from raised

    def _begin(self) -> None:
        self._kept: list[Record] = []
        self._bytes = self._items = 0

    def _spend(self, size: int, request: object) -> None:
        """Count what is about to be kept; a list of which only a part is taken counts whole."""
        limits = self._limits
        items = count_plain(request, Bounds(size=limits.request, items=limits.items, depth=limits.depth))
        if items < 0:  # there are byte strings as keys in it, or points in time
            items = min(size, limits.items)
        for limit, value, asked in (
            ("request", limits.request, self._bytes + size), ("items", limits.items, self._items + items),
        ):  # fmt: skip
            if asked > _REQUESTS * value:
                raise QuotaSpent(
                    limit, f"the records of a call may take {_REQUESTS} times the limit `{limit}`, {_REQUESTS * value}",
                    value=value, asked=asked,
                )  # fmt: skip
        self._bytes += size
        self._items += items


def _room(taker: Taker, most: int) -> int:
    """How many records of one call the taker wants."""
    room = getattr(taker, "room", None)
    if room is None:
        return most
    try:
        return int(room())
    except Exception as raised:
        raise _failed(raised) from raised


def _failed(raised: Exception) -> HostFunctionError:
    return HostFunctionError(
        f"what takes records raised {type(raised).__name__}: {told(raised)}",
        hint="its own traceback is the cause of this error; the call's records and state are not kept",
    )


IMPORTS: Final = {"emit": Emit.emit}
