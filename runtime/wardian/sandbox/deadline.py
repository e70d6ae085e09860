"""A call, when it has to be over, and the calls within which it was made; see `ticker` for what ends it."""

from __future__ import annotations

import time
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wardian.sandbox.instance import Instance


class Call:
    """One call of a guest, from its request to its reply.

    Made anew for each call, so that a mark set late can never hit the next one. Plain class attributes are the
    defaults: making a call object costs 0.1 µs.

    Attributes:
        instance: where it runs.
        deadline_at: when it has to be over, in nanoseconds of `time.monotonic_ns`.
        due: what it is ended by once that time has come: `deadline`, or `cancelled` where it has been given some grace.
        ended_by: why it has to end now (`deadline`, `cancelled`, `closed`), or None; set from any thread.
        asked_to_end: whether the guest has been asked to come to an end by itself.
        fault: what a host function raised, carried around the guest's frames.
        waiting: the reply of the last host call, until the guest takes it.
        host_calls: how many there were, of each name.
        host_calls_left: how many there may still be, once there was one.
        limit: the field of `Limits` that gave the deadline.
        asked_bytes: the size of the guest's running request, where what it asks counts bytes.
        variables: the variables that this call sees, or None for those of its plugin.
        taker: takes the records that this call emits, or None for that of its plugin.
        spent: the last quota that a capability refused to exceed, or None.
        loop: the event loop of an asynchronous caller, or None.
        outer: the call of another instance, on the same thread, within which this one was made.
        within: the call that this one must not outlive: the outer one, or, of an asynchronous call, the one whose
            function made it; or None.
        around: bytes of the thread's stack that the guests of the outer calls may take.
    """

    instance: Instance
    deadline_at: int = 0
    due: str = "deadline"
    ended_by: str | None = None
    asked_to_end: bool = False
    fault: BaseException | None = None
    waiting: bytes | None = None
    host_calls: dict[str, int] | None = None
    host_calls_left: int = 0
    limit: str = "deadline"
    asked_bytes: int = 0
    variables: Any = None
    taker: Any = None
    spent: Any = None
    loop: Any = None
    outer: Call | None = None
    within: Call | None = None
    around: int = 0

    def remaining(self) -> float:
        """Seconds until the deadline; 0 when it has passed or the call has to end."""
        if self.ended_by is not None:
            return 0.0
        return max(0.0, (self.deadline_at - time.monotonic_ns()) / 1e9)

    def put_within(self, other: Call) -> None:
        """Let this call end no later than another one, within which it was made; before it is entered."""
        self.within = other
        if other.deadline_at < self.deadline_at:
            self.deadline_at, self.due = other.deadline_at, "cancelled"
        if other.ended_by is not None:
            self.ended_by = self.ended_by or "cancelled"

    def end_if_over(self) -> bool:
        """Whether the call has to end now; marks it at once, which the ticker would do a little later."""
        if self.ended_by is None and time.monotonic_ns() >= self.deadline_at:
            self.ended_by = self.due
        return self.ended_by is not None

    def over(self, now: int) -> bool:
        """Whether this call, or one within which it was made, has to end at this nanosecond of `time.monotonic_ns`."""
        return any(each.ended_by is not None or now >= each.deadline_at for each in self.chain())

    def chain(self) -> Iterator[Call]:
        """This call, the one within which it was made, and so on."""
        call: Call | None = self
        while call is not None:
            yield call
            call = call.within


class Within:
    """The call within which asynchronous code of the application runs, while that call waits for it, or None."""

    __slots__ = ("call",)

    def __init__(self, call: Call | None) -> None:
        self.call = call


WITHIN: Final[ContextVar[Within | None]] = ContextVar("wardian_within", default=None)
