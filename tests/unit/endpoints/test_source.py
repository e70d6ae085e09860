"""What the host's own sources share."""

import asyncio

import pytest

from wardian import GuestError, Polled, Record
from wardian.endpoints.source import Source


class Numbers(Source):
    name = "numbers"

    def __init__(self):
        super().__init__(interval=0.01)
        self.number, self.released = 0, 0

    def _polled(self, demand):
        self.number += 1
        return Polled([Record(self.number)], None, self.number, done=self.number == 3)

    def _release(self):
        self.released += 1


def test_it_is_iterated_over_also_by_asynchronous_programs():
    async def read():
        return [each.data async for each in Numbers()]

    assert [each.data for each in Numbers()] == asyncio.run(read()) == [1, 2, 3]


def test_nothing_comes_once_it_is_stopped():
    one = Numbers()
    one.stop()
    one.stop()
    assert one.stopped
    assert one.poll() == Polled(done=True)
    assert list(one) == []


@pytest.mark.parametrize("demand", [0, -1])
def test_at_least_one_record_is_wanted(demand):
    with pytest.raises(ValueError, match="at least one record"):
        Numbers().poll(demand)


def test_it_gives_back_what_it_holds_once():
    with Numbers() as one:
        assert one.released == 0
    one.close()
    assert one.released == 1
    assert one.poll().done


def test_nothing_can_be_pushed_to_it():
    with pytest.raises(GuestError) as raised:
        Numbers().request({})
    assert raised.value.kind == "unimplemented"


def test_offsets_are_acknowledged():
    one = Numbers()
    list(one)
    assert one.offset == 3
    one.acknowledge(7)
    assert (one.offset, repr(one)) == (7, "<source of type numbers>")
