"""An iteration over any source: it polls, waits, acknowledges and ends."""

import asyncio
import threading

from wardian.polling import Polled, aiterated, iterated
from wardian.record import Record


class HandClock:
    def __init__(self):
        self.now, self.waits = 0, []

    def now_ns(self):
        return self.now

    def wait(self, seconds, stopped):
        self.waits.append(seconds)
        self.now += int(seconds * 1e9)


class Canned:
    interval = None

    def __init__(self, *polls):
        self.polls, self.acknowledged = list(polls), []
        self._clock, self._stopped = HandClock(), threading.Event()

    def poll(self, demand=100):
        return self.polls.pop(0)

    async def apoll(self, demand=100):
        return self.poll(demand)

    def acknowledge(self, offset):
        self.acknowledged.append(offset)

    def __iter__(self):
        return iterated(self, self._clock, self._stopped)

    def __aiter__(self):
        return aiterated(self, self._clock, self._stopped)


def test_it_gives_all_records_and_waits_as_each_poll_asks():
    one = Canned(Polled([Record(1)], 250, "a"), Polled([], 500), Polled([Record(2), Record(3)], None, "b", done=True))
    assert [each.data for each in one] == [1, 2, 3]
    assert one._clock.waits == [0.25, 0.5]
    assert one.acknowledged == ["a", "b"]


def test_an_offset_is_acknowledged_when_the_record_behind_it_is_asked_for():
    one = Canned(Polled([Record(1)], 0, "a"), Polled([Record(2)], 0, "b", done=True))
    records = iter(one)
    next(records)
    assert one.acknowledged == []
    next(records)
    assert one.acknowledged == ["a"]


def test_no_record_comes_once_it_is_stopped():
    one = Canned(Polled([Record(1), Record(2)], 0, "a"))
    records = iter(one)
    next(records)
    one._stopped.set()
    assert list(records) == []
    assert one.acknowledged == []


def test_asynchronous_programs_iterate_as_well():
    async def read():
        return [each.data async for each in Canned(Polled([Record(1)]), Polled([Record(2)], done=True))]

    assert asyncio.run(read()) == [1, 2]
