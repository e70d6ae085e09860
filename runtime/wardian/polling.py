"""`Polled`: what one poll of a source gave; `Polling`: how any source, a plugin's or the host's, is iterated over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from wardian.timing import pause

if TYPE_CHECKING:
    import threading
    from collections.abc import AsyncIterator, Iterator

    from wardian.record import Record
    from wardian.timing import Clock

DEMAND: Final = 100  # records at most in one poll of an iteration
_LOOK: Final = 0.02  # seconds between two looks, of an asynchronous iteration, at the clock


@dataclass(frozen=True, slots=True)
class Polled:
    """What one poll gave.

    Attributes:
        records: the records, in their order.
        wait_ms: for how many milliseconds the source asks not to be polled again, or None.
        offset: what to resume from once these records are safe, or None.
        done: whether there will be no more.
    """

    records: list[Record] = field(default_factory=list)
    wait_ms: int | None = None
    offset: object = None
    done: bool = False


class Polling:
    """What polls, waits and goes on, until the source is done or stopped."""

    _clock: Clock
    _stopped: threading.Event

    @property
    def interval(self) -> float | None:
        """The seconds from one poll to the next, or None."""
        raise NotImplementedError

    @property
    def stopped(self) -> bool:
        """Whether it gives no record any more."""
        return self._stopped.is_set()

    def poll(self, demand: int = DEMAND) -> Polled:
        """Poll it once for at most so many records."""
        raise NotImplementedError

    async def apoll(self, demand: int = DEMAND) -> Polled:
        """What `poll` gives, without blocking the event loop; raises as `poll` does."""
        raise NotImplementedError

    def acknowledge(self, offset: object) -> None:
        """Say that the records up to an offset are safe."""
        raise NotImplementedError

    def __iter__(self) -> Iterator[Record]:
        """The records, as they come; raises as `poll` does."""
        while not self.stopped:
            began = self._clock.now_ns()
            polled = self.poll()
            for record in polled.records:
                if self._stopped.is_set():
                    return
                yield record
            if not self._goes_on(polled):
                return
            self._clock.wait(self._pause(polled, began), self._stopped)

    async def __aiter__(self) -> AsyncIterator[Record]:
        """The records, as they come, without blocking the event loop; raises as `poll` does."""
        while not self.stopped:
            began = self._clock.now_ns()
            polled = await self.apoll()
            for record in polled.records:
                if self._stopped.is_set():
                    return
                yield record
            if not self._goes_on(polled):
                return
            await self._wait(self._pause(polled, began))

    def _goes_on(self, polled: Polled) -> bool:
        """Take the records of a poll as safe, and tell whether there is another one."""
        if polled.offset is not None:
            self.acknowledge(polled.offset)
        return not polled.done

    def _pause(self, polled: Polled, began: int) -> float:
        since = (self._clock.now_ns() - began) / 1e9
        return pause(polled.wait_ms, self.interval, since, empty=not polled.records)

    async def _wait(self, seconds: float) -> None:
        # The clock may be one that is moved by hand: it is looked at, and no thread waits by it.
        import asyncio  # noqa: PLC0415 - 20 ms of every start, for programs that have it already

        until = self._clock.now_ns() + int(seconds * 1e9)
        while not self._stopped.is_set() and (left := until - self._clock.now_ns()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(min(_LOOK, left / 1e9))
