import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.sandboxed import sandbox
from wardian.errors import Cancelled, DeadlineExceeded
from wardian.sandbox.deadline import Call
from wardian.sandbox.ticker import Ticker

TEXT = """(module (memory (export "memory") 1)
  (func (export "spin") (loop $again (br $again)))
  (func (export "nop"))
  (func (export "fill") (loop $again (memory.fill (i32.const 0) (i32.const 1) (i32.const 65536)) (br $again)))
  (func $deep (param i32) (if (local.get 0) (then (call $deep (i32.sub (local.get 0) (i32.const 1)))
    (call $deep (i32.sub (local.get 0) (i32.const 1))))))
  (func (export "calls") (call $deep (i32.const 60))))"""


@pytest.fixture
def guest():
    with sandbox(TEXT) as made:
        yield made


@pytest.mark.parametrize("entry", ["spin", "fill", "calls"])
def test_a_call_ends_at_its_deadline_whatever_it_does(guest, entry):
    instance = guest.start()
    began = time.monotonic()
    with pytest.raises(DeadlineExceeded):
        guest.run(instance, entry, seconds=0.03)
    assert 0.03 <= time.monotonic() - began < 0.13
    assert instance.broken


def test_calls_end_in_time_after_the_ticker_slept(guest):
    for _ in range(2):
        deadline = time.monotonic() + 5
        while not guest.ticker.asleep and time.monotonic() < deadline:
            time.sleep(0.01)
        assert guest.ticker.asleep
        began = time.monotonic()
        with pytest.raises(DeadlineExceeded):
            guest.run(guest.start(), "spin", seconds=0.03)
        assert time.monotonic() - began < 0.13


def test_a_call_that_ends_in_time_is_never_marked(guest):
    instance = guest.start()
    for _ in range(2_000):
        guest.run(instance, "nop", seconds=0.5)
        assert guest.call.ended_by is None
    assert guest.ticker.running == {}


@pytest.mark.parametrize("reason", ["cancelled", "closed"])
def test_ending_a_call_ends_that_one(guest, reason):
    instances = [guest.start() for _ in range(2)]
    calls = [instance.begin(int(0.3e9)) for instance in instances]

    def spin(instance, call):
        began = time.monotonic()
        with pytest.raises((Cancelled, DeadlineExceeded)) as caught:
            instance.run(call, instance.function("spin"))
        return type(caught.value), time.monotonic() - began

    with ThreadPoolExecutor(2) as threads:
        results = [threads.submit(spin, *each) for each in zip(instances, calls, strict=True)]
        time.sleep(0.1)
        guest.ticker.end(calls[0], reason)
        (first, early), (second, late) = (each.result() for each in results)
    assert (first, second) == (Cancelled, DeadlineExceeded)
    assert early < 0.2
    assert late > 0.25  # of 0.3 s that began a little before


def test_grace_never_makes_a_deadline_later(guest):
    call = guest.start().begin(int(0.01e9))
    guest.ticker.end(call, "cancelled", grace=100)
    assert call.remaining() <= 0.01
    assert call.asked_to_end
    assert call.ended_by is None


def test_nothing_remains_of_a_call_that_has_to_end():
    call = Call()
    call.deadline_at = time.monotonic_ns() + 10**12
    assert call.remaining() > 100
    call.ended_by = "cancelled"
    assert call.remaining() == 0
    late = Call()
    assert late.remaining() == 0


def test_calls_of_one_module_are_found_and_no_others(guest):
    found = []
    with sandbox(TEXT, ticker=guest.ticker) as other, ThreadPoolExecutor(2) as threads:
        ours, theirs = guest.start(), other.start()
        calls = [each.begin(int(0.2e9)) for each in (ours, theirs)]

        def spin(instance, call):
            with pytest.raises(DeadlineExceeded):
                instance.run(call, instance.function("spin"))

        spinning = [threads.submit(spin, *each) for each in zip((ours, theirs), calls, strict=True)]
        while len(guest.ticker.running) < 2:
            time.sleep(0.001)
        found = [guest.ticker.calls_of(each.prepared) for each in (guest, other)]
        for each in spinning:
            each.result()
    assert found == [calls[:1], calls[1:]]
    assert guest.ticker.calls_of(guest.prepared) == []


def test_a_closed_ticker_has_no_thread():
    before = threading.active_count()
    ticker = Ticker()
    assert threading.active_count() == before + 1
    ticker.close()
    assert threading.active_count() == before


class Unsteady(dict):
    """A dict whose copies cannot be looked through for some times, as when garbage is collected while one is made."""

    failing = 3

    def copy(self):
        if self.failing:
            self.failing -= 1
            raise RuntimeError("dictionary keys changed during iteration")
        return super().copy()


def test_a_look_at_calls_that_change_meanwhile_is_taken_again():
    ticker = Ticker()
    try:
        ticker.running = Unsteady({1: Call()})
        assert [thread for thread, _ in ticker.innermost()] == [1]
    finally:
        ticker.close()


def test_deadlines_hold_after_a_look_that_failed(guest, monkeypatch, caplog):
    look, failed = guest.ticker._look, threading.Event()

    def fails_once(now):
        if not failed.is_set():
            failed.set()
            raise ValueError("nobody thought of this")
        return look(now)

    monkeypatch.setattr(guest.ticker, "_look", fails_once)
    instance = guest.start()
    with pytest.raises(DeadlineExceeded):
        guest.run(instance, "spin", seconds=0.05)
    assert failed.is_set()
    assert "the running calls could not be looked at" in caplog.text
