"""`Polled`: what one poll of a source gave; and how any source, a plugin's or the host's, is iterated over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar

from wardian.timing import pause

if TYPE_CHECKING:
    import threading
    from collections.abc import AsyncIterator, Iterator

    from wardian.record import Record
    from wardian.timing import Clock

DEMAND: Final = 100  # records at most in one poll of an iteration
_LOOK: Final = 0.02  # seconds between two looks, of an asynchronous iteration, at the clock


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Polled(Generic[T]):
    """What one poll gave: records, or what stands for them.

    Attributes:
        records: the records, in their order.
        wait_ms: for how many milliseconds the source asks not to be polled again, or None.
        offset: what to resume from once these records are safe, or None.
        done: whether there will be no more.
    """

    records: list[T] = field(default_factory=list)
    wait_ms: int | None = None
    offset: object = None
    done: bool = False


class Pollable(Protocol):
    """What can be iterated over by polling it."""

    @property
    def interval(self) -> float | None:
        """The seconds from one poll to the next, or None."""

    def poll(self, demand: int = DEMAND) -> Polled[Record]:
        """Poll it once for at most so many records."""

    async def apoll(self, demand: int = DEMAND) -> Polled[Record]:
        """What `poll` gives, without blocking the event loop."""

    def acknowledge(self, offset: object) -> None:
        """Say that the records up to an offset are safe."""


def iterated(source: Pollable, clock: Clock, stopped: threading.Event) -> Iterator[Record]:
    """The records of a source, as they come, until it is done or stopped; raises as its `poll` does.

    Records are taken as safe, and their offset is acknowledged, when the one after them is asked for.
    """
    while not stopped.is_set():
        began = clock.now_ns()
        polled = source.poll()
        for record in polled.records:
            if stopped.is_set():
                return
            yield record
        if not _goes_on(source, polled):
            return
        clock.wait(_pause(source, polled, clock.now_ns() - began), stopped)


async def aiterated(source: Pollable, clock: Clock, stopped: threading.Event) -> AsyncIterator[Record]:
    """As `iterated`, without blocking the event loop."""
    while not stopped.is_set():
        began = clock.now_ns()
        polled = await source.apoll()
        for record in polled.records:
            if stopped.is_set():
                return
            yield record
        if not _goes_on(source, polled):
            return
        await _wait(clock, stopped, _pause(source, polled, clock.now_ns() - began))


def _goes_on(source: Pollable, polled: Polled[Record]) -> bool:
    """Take the records of a poll as safe, and tell whether there is another one."""
    if polled.offset is not None:
        source.acknowledge(polled.offset)
    return not polled.done


def _pause(source: Pollable, polled: Polled[Record], took_ns: int) -> float:
    return pause(polled.wait_ms, source.interval, took_ns / 1e9, empty=not polled.records)


async def _wait(clock: Clock, stopped: threading.Event, seconds: float) -> None:
    # The clock may be one that is moved by hand: it is looked at, and no thread waits by it.
    import asyncio  # noqa: PLC0415 - 20 ms of every start, for programs that have it already

    until = clock.now_ns() + int(seconds * 1e9)
    while not stopped.is_set() and (left := until - clock.now_ns()) > 0:  # noqa: ASYNC110
        await asyncio.sleep(min(_LOOK, left / 1e9))
