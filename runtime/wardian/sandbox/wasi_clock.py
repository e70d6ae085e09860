"""The clocks of WASI, for guests that were granted them and for those that were not."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from wardian.sandbox import wasi_vectors
from wardian.sandbox.wasi_errno import Errno, Refused

if TYPE_CHECKING:
    from wardian.sandbox.deadline import Call
    from wardian.sandbox.wasi_world import World

REALTIME: Final = 0
MONOTONIC: Final = 1

_RESOLUTION: Final = 1_000_000  # nanoseconds; a finer clock would let a guest measure what its neighbours do
_SLICE: Final = 0.02  # seconds: after so long a cancelled call stops waiting, and Python handles a signal
_FROZEN_START: Final = 1_000_000_000  # Go's runtime gives up when its first look at the monotonic clock says 0


class Clock:
    """The clocks of one instance, in nanoseconds.

    Granted, they are those of the host in steps of a millisecond. Otherwise time stands still, and moves only by what
    the guest waits: it learns nothing that it did not bring about, and the same calls give the same answers. Refusing
    instead would be no safer, and the runtimes of Go and Rust abort when there is no clock at all.
    """

    def __init__(self, *, granted: bool) -> None:
        self._granted = granted
        self._waited = 0

    def now(self, clock: int) -> int:
        """The time on this clock.

        Raises:
            Refused: `INVAL` for a clock other than the real and the monotonic: there is no process to measure.
        """
        if clock not in {REALTIME, MONOTONIC}:
            raise Refused(Errno.INVAL)
        if not self._granted:
            return self._waited + (_FROZEN_START if clock == MONOTONIC else 0)
        exact = time.monotonic_ns() if clock == MONOTONIC else time.time_ns()
        return exact - exact % _RESOLUTION

    def wait(self, call: Call, nanoseconds: int) -> None:
        """Wait on the guest's behalf, in slices; at most until the call's deadline, which then ends the call."""
        # A wait that the deadline cuts ends the instance too, so this sum never outruns real time.
        self._waited += nanoseconds
        until = time.monotonic_ns() + nanoseconds
        while call.ended_by is None:
            now = time.monotonic_ns()
            # Marked here, not left to the ticker: the guest would run on until its next tick, and might return.
            if now >= call.deadline_at:
                call.ended_by = call.due
            elif now >= until:
                return
            else:
                time.sleep(min(_SLICE, (min(until, call.deadline_at) - now) / 1e9))


def res_get(_world: World, call: Call, clock: int, resolution: int) -> None:
    """How fine the clock is."""
    if clock not in {REALTIME, MONOTONIC}:
        raise Refused(Errno.INVAL)
    wasi_vectors.put_u64(call.instance.memory, resolution, _RESOLUTION)


def time_get(world: World, call: Call, clock: int, _precision: int, now: int) -> None:
    """The time; the lag that the guest would allow changes nothing."""
    wasi_vectors.put_u64(call.instance.memory, now, world.clock.now(clock))


FUNCTIONS: Final[dict[str, tuple[str, Any]]] = {
    "clock_res_get": ("i32 i32", res_get),
    "clock_time_get": ("i32 i64 i32", time_get),
}
