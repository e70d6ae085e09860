import datetime as dt

import pytest

from wardian.capabilities.capability import QuotaSpent
from wardian.capabilities.emit import Emit
from wardian.errors import CapabilityError, HostFunctionError
from wardian.policy import Limits
from wardian.record import Record
from wardian.sandbox.deadline import Call

ONE = {"data": 1}


def call(size=10):
    made = Call()
    made.asked_bytes = size
    return made


def test_records_wait_for_the_end_of_their_call():
    got = []
    emit = Emit(Limits(), got.append)
    assert emit.emit(call(), [ONE, ONE]) == 2
    assert (got, emit.used()) == ([], {"emitted": 2})
    emit.settle(succeeded=True)
    assert got == [[Record(1), Record(1)]]
    assert emit.used() == {"emitted": 0}
    emit.emit(call(), [ONE])
    emit.settle(succeeded=False)
    emit.settle(succeeded=True)
    assert len(got) == 1


def test_what_fits_is_taken_and_then_the_quota_is_spent():
    emit = Emit(Limits(emitted=3), print)
    assert emit.emit(call(), [ONE, ONE]) == 2
    assert emit.emit(call(), [ONE, ONE]) == 1
    assert emit.emit(call(), []) == 0
    with pytest.raises(QuotaSpent) as caught:
        emit.emit(call(), [ONE, ONE])
    assert (caught.value.limit, caught.value.value, caught.value.asked) == ("emitted", 3, 5)
    emit.settle(succeeded=False)
    assert emit.emit(call(), [ONE]) == 1


def test_the_room_is_asked_for_each_time_and_counts_what_is_kept():
    class Taker:
        wanted = 3

        def __call__(self, records):
            """Takes them."""

        def room(self):
            return self.wanted

    taker = Taker()
    emit = Emit(Limits(), taker)
    assert [emit.emit(call(), [ONE, ONE]) for _ in range(3)] == [2, 1, 0]
    taker.wanted = 5
    assert emit.emit(call(), [ONE] * 9) == 2
    taker.wanted = "many"
    with pytest.raises(HostFunctionError):
        emit.emit(call(), [ONE])


def test_the_bytes_and_values_of_what_is_kept_are_bounded_and_what_is_not_kept_counts_for_nothing():
    emit = Emit(Limits(request=100, items=1_000), print)
    for _ in range(4):
        assert emit.emit(call(100), [ONE]) == 1
    with pytest.raises(QuotaSpent) as caught:
        emit.emit(call(1), [ONE])
    assert (caught.value.limit, caught.value.value, caught.value.asked) == ("request", 100, 401)
    emit.settle(succeeded=True)
    emit = Emit(Limits(items=10), print)
    for record in ({"data": [1, 2]}, {"data": dt.datetime(2024, 1, 1, tzinfo=dt.UTC)}):
        with pytest.raises(QuotaSpent) as caught:  # noqa: PT012 - any of them may be the last
            for _ in range(9):
                emit.emit(call(20), [record])
        assert caught.value.limit == "items"


def test_a_call_with_a_taker_of_its_own_delivers_there():
    ours, own = [], []
    emit, made = Emit(Limits(), ours.append), call()
    made.taker = own.append
    emit.emit(made, [ONE])
    emit.settle(succeeded=True)
    assert (ours, own) == ([], [[Record(1)]])


def test_a_record_that_is_none_is_named_and_nobody_to_take_it_is_denied():
    with pytest.raises(CapabilityError, match=r"\[1\]: `data`"):
        Emit(Limits(), print).emit(call(), [ONE, {}])
    with pytest.raises(CapabilityError, match="nobody takes"):
        Emit(Limits(), None).emit(call(), [ONE])
