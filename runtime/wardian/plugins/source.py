"""`Source`: where records come from, polled by its host or asked from outside."""

from __future__ import annotations

import contextlib
import dataclasses
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, TypeVar

from wardian.errors import Cancelled
from wardian.guests.guest import Order
from wardian.package.fields import shown
from wardian.plugins import plugin as plugins
from wardian.plugins import reply
from wardian.plugins.use import Use
from wardian.polling import DEMAND, Polled, aiterated, iterated
from wardian.record import values_of
from wardian.timing import SystemClock, configured_interval

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping

    from wardian.plugins.bound import Bound
    from wardian.record import Record, Value
    from wardian.timing import Clock

Kept = TypeVar("Kept")

_POLL, _REQUEST = "source_poll", "source_request"
_MUST, _MAY = frozenset({"records"}), frozenset({"wait_ms", "offset", "done"})


class Source(Use):
    """A bound source, from `Plugin.source`: poll it, iterate over it, or ask it.

    An iteration polls, waits, and ends when the source is done or stopped: `for record in source` on this thread,
    `async for record in source` without blocking the event loop. It waits for as long as the reply asks; else, from one
    poll to the next, for the interval that the plugin asked for when it was opened, or its configuration has
    (`interval`, such as `1m30s`, or `interval_ms`); else for a second after a poll that gave nothing. Its records are
    taken as safe, and their offset as acknowledged, when the one after them is asked for.

    Threads: `stop` and `request` may be called from any; one thread at a time polls or iterates.
    """

    kind = "source"
    drains: ClassVar[bool] = False  # nothing that it gave to nobody yet outlives `stop`

    def __init__(self, bound: Bound, resume: object = None, clock: Clock | None = None) -> None:
        self._resumption = _Resumption(resume)
        self._clock = clock or SystemClock()
        self._stopped = threading.Event()
        self._guard = threading.Condition()
        self._running = 0
        super().__init__(bound.resumed(self._resumption.get, self._resumption.answered))

    @property
    def interval(self) -> float | None:
        """The seconds from one poll to the next: as the plugin asked when it was opened, or as configured, or None."""
        asked = self._resumption.interval_ms
        return configured_interval(self.config) if asked is None else asked / 1000

    @property
    def offset(self) -> object:
        """The offset that was acknowledged last, or the one to resume from; None where there is none."""
        return self._resumption.offset

    @property
    def stopped(self) -> bool:
        """Whether it gives no record any more."""
        return self._stopped.is_set()

    def poll(self, demand: int = DEMAND) -> Polled[Record]:
        """Poll it once for at most so many records; nothing, and done, once it is stopped.

        Records that the guest emits meanwhile, where that is granted, come before those of its reply; of them, too,
        there are at most so many.

        Raises:
            GuestError: `unimplemented`, when the plugin cannot be polled.
            ValueError: the demand is below 1.
            WardianError: otherwise as `Plugin.call`.
        """
        return self._poll(demand, reply.records, list)

    def poll_values(self, demand: int = DEMAND) -> Polled[Value]:
        """The same, with the records as the maps that the ABI has. Raises as `poll`."""
        return self._poll(demand, reply.values, values_of)

    def _poll(
        self, demand: int, read: reply.Reader[list[Kept]], behind: Callable[[list[Record]], list[Kept]]
    ) -> Polled[Kept]:
        request = self._poll_request(demand)
        polled: Polled[Kept] = Polled(done=True)
        with self._counted():
            if not self._stopped.is_set():
                emitted = self._taker(demand)
                check = self._reader(request, lambda value: _polled(value, demand, read))
                polled = plugins.ordered(self._plugin, _POLL, request, Order(check=check, taker=emitted))
                if emitted is not None and emitted.records:
                    polled = dataclasses.replace(polled, records=behind(emitted.records) + polled.records)
        return Polled(done=True) if self._stopped.is_set() else polled

    async def apoll(self, demand: int = DEMAND) -> Polled[Record]:
        """What `poll` gives, without blocking the event loop; raises as `poll` does."""
        request = self._poll_request(demand)
        polled: Polled[Record] = Polled(done=True)
        with self._counted():
            if not self._stopped.is_set():
                emitted = self._taker(demand)
                polled = await plugins.checked_away(
                    self._plugin, _POLL, request, lambda value: _polled(value, demand, reply.records), taker=emitted
                )
                if emitted is not None and emitted.records:
                    polled = dataclasses.replace(polled, records=emitted.records + polled.records)
        return Polled(done=True) if self._stopped.is_set() else polled

    def acknowledge(self, offset: object) -> None:
        """Say that the records up to an offset are safe: an instance that is opened anew resumes from there."""
        self._resumption.offset = offset

    def request(self, payload: object, headers: Mapping[str, str] | None = None) -> Record | None:
        """Push something to it from outside, and give the record that came of it, or None.

        Raises:
            GuestError: `unimplemented`, when the plugin cannot be asked; nothing of it runs then.
            WardianError: otherwise as `Plugin.call`.
        """
        if not self._has(_REQUEST):
            raise self._unimplemented(_REQUEST)
        asked = {"payload": payload, "headers": dict(headers or {})}
        record = None
        with self._counted():
            if not self._stopped.is_set():
                record = self._ask(_REQUEST, asked, reply.record_or_null)
        if self._stopped.is_set():
            raise Cancelled("the source is stopped", where=self._where(_REQUEST))
        return record

    def stop(self) -> None:
        """Stop it, from any thread: no record comes once this has returned.

        A call that runs is ended, also when its guest never would; its records are not acknowledged, and come again
        when the source is resumed. A second time does nothing.
        """
        self._stopped.set()
        give_up = time.monotonic() + self._plugin.limits.deadline
        with self._guard:
            while self._running and time.monotonic() < give_up:
                # Again and again: a poll that has begun may enter its guest only now.
                self._plugin.cancel()
                self._guard.wait(0.01)

    def close(self) -> None:
        """Stop it, and free its instances; a second time does nothing."""
        self._stopped.set()
        super().close()

    def __iter__(self) -> Iterator[Record]:
        """The records, as they come; raises as `poll` does."""
        return iterated(self, self._clock, self._stopped)

    def __aiter__(self) -> AsyncIterator[Record]:
        """The records, as they come, without blocking the event loop; raises as `poll` does."""
        return aiterated(self, self._clock, self._stopped)

    def _poll_request(self, demand: int) -> bytes:
        if not self._has(_POLL):
            raise self._unimplemented(_POLL)
        if demand < 1:
            raise ValueError(f"expected a demand of at least one record, got {demand}")
        return plugins.encoded(self._plugin, _POLL, {"now": self._clock.now_ns(), "demand": demand})

    @contextlib.contextmanager
    def _counted(self) -> Iterator[None]:
        """Count a call that `stop` has to wait for; being ended by `stop` is no error of it."""
        with self._guard:
            self._running += 1
        try:
            yield
        except Cancelled:
            if not self.stopped:
                raise
        finally:
            with self._guard:
                self._running -= 1
                self._guard.notify_all()

    def _taker(self, demand: int) -> _Emitted | None:
        """What takes the records that a poll emits, where emitting is granted."""
        return _Emitted(demand) if self._bound.loaded.request.grants.emit else None


class _Emitted:
    """The records that one poll emits."""

    def __init__(self, demand: int) -> None:
        self.records: list[Record] = []
        self._demand = demand

    def __call__(self, records: list[Record]) -> None:
        self.records += records

    def room(self) -> int:
        return self._demand


@dataclass(slots=True)
class _Resumption:
    """Where an instance that is opened anew resumes from, and how often the last one wanted to be polled."""

    offset: object
    interval_ms: int | None = None

    def get(self) -> object:
        return self.offset

    def answered(self, value: object) -> None:
        self.interval_ms = reply.interval(value)


def _polled(value: object, demand: int, read: reply.Reader[list[Kept]]) -> Polled[Kept]:
    given = reply.fields(value, _MUST, _MAY)
    records = read(given["records"], "records")
    if len(records) > demand:
        raise reply.bad("records", f"expected at most {demand} records, as many as were wanted, got {len(records)}")
    done = given.get("done", False)
    if not isinstance(done, bool):
        raise reply.bad("done", f"expected true or false, got {shown(done)}")
    wait_ms = reply.whole(given["wait_ms"], "wait_ms", 0) if "wait_ms" in given else None
    return Polled(records, wait_ms, given.get("offset"), done)
