"""`Source`: what the host's own sources share: the face of a plugin's source, over one function that gives records."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, ClassVar, Final

from wardian.endpoints.owned import Owned
from wardian.errors import GuestError
from wardian.polling import DEMAND, Polled, aiterated, iterated
from wardian.record import values_of
from wardian.timing import SystemClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    from wardian.record import Record, Value
    from wardian.timing import Clock

_GRACE: Final = 2.0  # seconds that `stop` waits for a poll that runs; none takes as long


class Source(Owned):
    """A source that the host makes itself; it is used as a plugin's `Source` is.

    Threads: `stop` may be called from any; one thread at a time polls or iterates, and others wait for it.
    """

    kind: ClassVar[str] = "source"
    drains: ClassVar[bool] = False  # whether what it has already taken is given also after `stop`

    def __init__(self, resume: object = None, clock: Clock | None = None, interval: float | None = None) -> None:
        self._clock = clock or SystemClock()
        self._stopped = threading.Event()
        self._polls = threading.Lock()
        self._offset, self._interval = resume, interval
        self._closed = False

    @property
    def interval(self) -> float | None:
        """The seconds from one poll to the next, or None where each poll says it."""
        return self._interval

    @property
    def offset(self) -> object:
        """The offset that was acknowledged last, or the one to resume from; None where there is none."""
        return self._offset

    @property
    def stopped(self) -> bool:
        """Whether it gives no record any more."""
        return self._stopped.is_set()

    def acknowledge(self, offset: object) -> None:
        """Say that the records up to an offset are safe."""
        self._offset = offset

    def poll(self, demand: int = DEMAND) -> Polled[Record]:
        """Poll it once for at most so many records; nothing, and done, once it is stopped.

        Raises:
            ValueError: the demand is below 1.
            GuestError: `transient`, when it could not be read.
        """
        if demand < 1:
            raise ValueError(f"expected a demand of at least one record, got {demand}")
        with self._polls:
            if self._closed or (self.stopped and not self.drains):
                return Polled(done=True)
            polled = self._polled(demand)
            return Polled(done=True) if self.stopped and not self.drains else polled

    def poll_values(self, demand: int = DEMAND) -> Polled[Value]:
        """The same, with the records as the maps that the ABI has. Raises as `poll`."""
        polled = self.poll(demand)
        return Polled(values_of(polled.records), polled.wait_ms, polled.offset, polled.done)

    async def apoll(self, demand: int = DEMAND) -> Polled[Record]:
        """What `poll` gives, without blocking the event loop; raises as `poll` does."""
        import asyncio  # noqa: PLC0415 - for programs that have it already

        return await asyncio.to_thread(self.poll, demand)

    def request(self, payload: object, headers: Mapping[str, str] | None = None) -> Record | None:
        """Nothing can be pushed to it this way; raises `GuestError`, `unimplemented`."""
        del payload, headers
        raise GuestError("unimplemented", "nothing can be pushed to this source", where=self.name)

    def stop(self) -> None:
        """Stop it, from any thread: no record comes once this has returned. A second time does nothing."""
        self._stopped.set()
        if self._polls.acquire(timeout=_GRACE):
            self._polls.release()

    def close(self) -> None:
        """Stop it, and give back what it holds; a second time does nothing."""
        self.stop()
        taken = self._polls.acquire(timeout=_GRACE)
        try:
            if not self._closed:
                self._closed = True
                self._release()
        finally:
            if taken:
                self._polls.release()

    def __iter__(self) -> Iterator[Record]:
        """The records, as they come; raises as `poll` does."""
        return iterated(self, self._clock, self._stopped)

    def __aiter__(self) -> AsyncIterator[Record]:
        """The records, as they come, without blocking the event loop; raises as `poll` does."""
        return aiterated(self, self._clock, self._stopped)

    def _polled(self, demand: int) -> Polled[Record]:
        raise NotImplementedError
