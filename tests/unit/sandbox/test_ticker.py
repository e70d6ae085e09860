"""When the ticker looks at the running calls: early enough for each, seldom while all is well."""

import threading
import time

import pytest

from support.sandboxed import sandbox
from wardian.errors import DeadlineExceeded
from wardian.policy import Limits
from wardian.sandbox.deadline import Call

TEXT = """(module (memory (export "memory") 33)
  (func (export "spin") (loop $again (br $again)))
  (func (export "nop"))
  (func (export "echo") (param $at i32) (param $size i32) (result i64)
    (i64.or (i64.shl (i64.extend_i32_u (local.get $at)) (i64.const 32)) (i64.extend_i32_u (local.get $size)))))"""
LATE = 1  # a nanosecond of long ago
MIB = bytes(2**20)


@pytest.fixture
def guest():
    with sandbox(TEXT, limits=Limits(deadline="60s", reply="2MiB")) as made:
        made.instance = made.start()
        yield made


@pytest.fixture
def looks(guest, monkeypatch):
    """The times of its looks."""
    look, taken = guest.ticker._look, []

    def counted(now):
        taken.append(now)
        return look(now)

    monkeypatch.setattr(guest.ticker, "_look", counted)
    return taken


def echo(guest, request=b"?"):
    instance = guest.instance
    call = instance.begin(10**10)
    handle = instance.function("echo")
    return instance.exchange(call, time.monotonic_ns(), handle, 65_536, request, len(request))


def run(guest):
    guest.run(guest.instance, "nop", seconds=10)


def until(true):
    give_up = time.monotonic() + 10
    while not true() and time.monotonic() < give_up:
        time.sleep(0.001)
    assert true()


ENTER = pytest.mark.parametrize("enter", [echo, run], ids=["echo", "run"])


@ENTER
def test_a_call_lets_a_ticker_look_that_is_late(guest, looks, enter):
    enter(guest)
    guest.ticker.alert = LATE
    looks.clear()
    enter(guest)
    assert guest.ticker.alert != LATE
    until(lambda: looks)


@ENTER
def test_a_call_wakes_a_ticker_that_sleeps(guest, looks, enter):
    until(lambda: guest.ticker.asleep)
    looks.clear()
    enter(guest)
    until(lambda: looks)


def test_calls_that_hardly_let_go_of_the_gil_leave_the_ticker_its_turns(guest, looks):
    echo(guest, MIB)
    looks.clear()
    give_up = time.monotonic() + 1
    while time.monotonic() < give_up:
        assert len(echo(guest, MIB)) == len(MIB)
    assert len(looks) >= 12  # of 50; without a turn of its own it has five


def test_while_all_is_well_it_looks_fifty_times_a_second_and_not_more_often(guest, looks):
    begun = time.monotonic()
    while time.monotonic() < begun + 0.5:
        echo(guest)
    assert len(looks) <= 0.5 / 0.005  # five milliseconds where there are other threads, as a test before may have left


@pytest.mark.parametrize(
    ("milliseconds", "pace"), [(60_000, 20_000_000), (20, 20_000_000), (7, 7_000_000), (5, 5_000_000), (1, 5_000_000)]
)
def test_it_keeps_up_with_the_shortest_calls_but_no_more_often_than_each_tick(guest, milliseconds, pace):
    guest.instance.begin(milliseconds * 10**6)
    guest.instance.begin(10**10)
    assert guest.ticker.pace == pace


def test_a_call_that_has_less_time_than_all_before_ends_in_time(guest):
    guest.run(guest.instance, "nop", seconds=10)  # and the ticker goes to sleep for its longest while
    for seconds in (0.1, 0.01, 0.001):
        begun = time.monotonic()
        with pytest.raises(DeadlineExceeded):
            guest.run(guest.start(), "spin", seconds=seconds)
        assert time.monotonic() - begun < seconds + 0.1


def test_calls_of_short_deadlines_do_not_wake_it_one_by_one(guest, looks):
    guest.instance.begin(10**6)
    echo(guest)
    looks.clear()
    begun = time.monotonic()
    for _ in range(2_000):
        guest.run(guest.instance, "nop", seconds=0.001)
    assert len(looks) <= (time.monotonic() - begun) / 0.005 + 2


def test_a_call_that_is_entered_while_it_falls_asleep_is_seen(guest, monkeypatch):
    """It comes after the last look, and before the alert is up: then it wakes nobody."""
    ticker, entered, looked = guest.ticker, Call(), []
    entered.instance, entered.deadline_at = guest.instance, time.monotonic_ns() + 10**12

    def quiet(now):
        looked.append(now)
        if len(looked) == 1:
            ticker.running[-1] = entered
            return None
        return now + 10**7

    monkeypatch.setattr(ticker, "_look", quiet)
    ticker._look_again()
    until(lambda: len(looked) > 2)
    ticker.running.clear()


def test_many_threads_may_call_while_it_falls_asleep_and_wakes(guest):
    """Each waits until it sleeps, or nearly, so that calls come at all moments of that; each call has to end."""
    failed = []

    def calls(pause):
        for _ in range(8):
            time.sleep(0.1 + pause)
            begun = time.monotonic()
            with pytest.raises(DeadlineExceeded):
                guest.run(guest.start(), "spin", seconds=0.01)
            if time.monotonic() - begun > 1:
                failed.append(pause)

    threads = [threading.Thread(target=calls, args=(number / 1000,)) for number in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert not failed
