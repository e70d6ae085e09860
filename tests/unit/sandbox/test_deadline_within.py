"""Calls within each other: an inner one ends with the outer one, and never the other way round."""

import threading
import time
from types import SimpleNamespace

import pytest

from wardian.errors import Cancelled
from wardian.sandbox.deadline import Call
from wardian.sandbox.ticker import Ticker

GUEST = """(module
  (memory (export "memory") 1)
  (func (export "spin") (param i32 i32) (result i64) (loop $again (br $again)) (unreachable)))"""


class Engine:
    """Counts its bumps."""

    bumps = 0

    def bump(self):
        self.bumps += 1


def lasting(seconds):
    call = Call()
    call.deadline_at = time.monotonic_ns() + int(seconds * 1e9)
    return call


def test_an_inner_call_has_what_is_left_of_the_outer_one_and_no_more():
    outer, short, long = lasting(10), lasting(1), lasting(100)
    short.put_within(outer)
    long.put_within(outer)
    assert short.remaining() < 2
    assert short.due == "deadline"
    assert long.deadline_at == outer.deadline_at
    assert long.due == "cancelled"
    assert [list(each.chain()) for each in (outer, short)] == [[outer], [short, outer]]


def test_within_a_call_that_has_to_end_nothing_begins_any_more():
    outer, inner = lasting(10), lasting(10)
    outer.ended_by = "closed"
    inner.put_within(outer)
    assert inner.ended_by == "cancelled"
    assert inner.remaining() == 0


def test_a_call_says_whether_it_is_over():
    assert not lasting(10).end_if_over()
    late = lasting(0)
    late.due = "cancelled"
    assert late.end_if_over()
    assert late.ended_by == "cancelled"


@pytest.mark.parametrize("reason", ["ended", "late"])
def test_the_ticker_ends_what_runs_within_a_call_that_is_over_wherever_that_runs(reason):
    ticker = Ticker()
    try:
        outermost, outer, inner, other = lasting(60), lasting(60), lasting(60), lasting(60)
        outer.put_within(outermost)
        inner.put_within(outer)
        for number, call in enumerate((inner, other)):
            call.instance = SimpleNamespace(engine=Engine())
            ticker.running[-1 - number] = call
        ticker._look(time.monotonic_ns())
        assert inner.ended_by is None
        if reason == "ended":
            outermost.ended_by = "deadline"
        else:
            outermost.deadline_at = 0  # somebody gave it less time than it had
        ticker._look(time.monotonic_ns())
        assert (inner.ended_by, other.ended_by) == ("cancelled", None)
        assert inner.instance.engine.bumps
    finally:
        ticker.running.clear()
        ticker.close()


def test_a_guest_that_spins_within_a_call_on_another_thread_ends_with_it(sandbox):
    outer, instance = lasting(60), sandbox.open(GUEST)
    call = instance.begin(60 * 10**9)
    call.put_within(outer)
    threading.Timer(0.05, setattr, (outer, "ended_by", "cancelled")).start()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        instance.run(call, instance.function("spin"))
    assert time.monotonic() - began < 10
