import gc
import threading
import time

import pytest

from wardian.errors import Cancelled, DeadlineExceeded
from wardian.policy import Limits
from wardian.sandbox.deadline import Call
from wardian.sandbox.hostfunc import HostFunction
from wardian.sandbox.ticker import Ticker

GUEST = """(module
  (memory (export "memory") 1)
  (func (export "spin") (param i32 i32) (result i64) (loop $again (br $again)) (unreachable))
  (func (export "run") (param i32 i32) (result i64) (i64.const 7)))"""
ASKS = """(module
  (import "app" "ask" (func $ask (param i32 i32) (result i64)))
  (memory (export "memory") 1)
  (func (export "run") (param i32 i32) (result i64) (call $ask (local.get 0) (local.get 1)))
  (func (export "ask_and_spin") (param i32 i32) (result i64)
    (drop (call $ask (local.get 0) (local.get 1)))
    (loop $again (br $again))
    (unreachable)))"""


def asked(run):
    return HostFunction("app", "ask", ("i32", "i32"), ("i64",), run)


def until(condition, seconds=5.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to be"
        time.sleep(0.001)


class Spinning:
    """A guest that spins on a thread of its own, and how it ended."""

    def __init__(self, instance, seconds=60.0):
        self.instance, self.error = instance, None
        self.call = instance.begin(int(seconds * 1e9))
        self.thread = threading.Thread(target=self._run)
        self.thread.start()
        until(lambda: self.call in instance.prepared.ticker.running.values())

    def _run(self):
        try:
            self.instance.run(self.call, self.instance.function("spin"))
        except BaseException as error:  # noqa: BLE001 - the test looks at it
            self.error = error

    def ended(self):
        self.thread.join(5.0)
        assert not self.thread.is_alive()
        return self.error


def test_an_endless_guest_is_ended_at_its_deadline_and_soon_after(sandbox):
    instance = sandbox.open(GUEST, limits=Limits(deadline="50ms"))
    start = time.monotonic()
    with pytest.raises(DeadlineExceeded) as raised:
        sandbox.run(instance, "spin")
    assert 0.05 <= time.monotonic() - start < 1.0
    assert (raised.value.limit, raised.value.value) == ("deadline", 0.05)
    assert instance.broken
    assert sandbox.ticker.running == {}


def test_the_ticker_sleeps_when_nothing_runs_and_takes_no_cpu(sandbox):
    until(lambda: sandbox.ticker.asleep)
    clock = time.pthread_getcpuclockid(sandbox.ticker._thread.ident)
    before = time.clock_gettime_ns(clock)
    time.sleep(0.2)
    assert sandbox.ticker.asleep
    assert time.clock_gettime_ns(clock) - before < 1_000_000


def test_the_ticker_wakes_for_a_call_and_falls_asleep_again(sandbox):
    instance = sandbox.open(GUEST)
    for _ in range(2):
        until(lambda: sandbox.ticker.asleep)
        instance.limits = Limits(deadline="20ms")
        with pytest.raises(DeadlineExceeded):
            sandbox.run(instance, "spin")


def test_the_ticker_ends_the_marked_call_and_no_other(sandbox):
    prepared = sandbox.prepare(GUEST)
    first, second = (Spinning(sandbox.open(prepared)) for _ in range(2))
    sandbox.ticker.end(first.call, "cancelled")
    assert isinstance(first.ended(), Cancelled)
    time.sleep(0.05)
    assert second.thread.is_alive()
    assert (second.call.ended_by, second.instance.broken) == (None, False)
    sandbox.ticker.end(second.call, "closed")
    assert isinstance(second.ended(), Cancelled)


def test_no_healthy_call_is_ended_while_a_sibling_times_out_again_and_again(sandbox):
    """20,000 quick calls of one instance, 50 deadlines of others on the same engine."""
    prepared, limits = sandbox.prepare(GUEST), Limits(deadline="10ms")
    outcomes = []

    def time_out():
        for _ in range(50):
            instance, _ = prepared.instantiate(limits, 5.0)
            try:
                sandbox.run(instance, "spin")
            except DeadlineExceeded:
                outcomes.append("ended")
            instance.close()

    thread = threading.Thread(target=time_out)
    thread.start()
    healthy = sandbox.open(prepared)
    calls = 0
    while thread.is_alive() or calls < 20_000:
        assert sandbox.run(healthy) == 7
        calls += 1
    thread.join()
    assert outcomes == ["ended"] * 50
    assert not healthy.broken


def test_a_mark_that_comes_too_late_does_not_hit_the_next_call(sandbox):
    instance = sandbox.open(GUEST)
    call = instance.begin(10**9)
    assert instance.run(call, instance.function("run")) == 7
    sandbox.ticker.end(call, "cancelled")
    assert sandbox.run(instance) == 7
    assert not instance.broken


def test_calls_of_finds_the_running_calls_of_one_prepared_module(sandbox):
    mine, other = sandbox.prepare(GUEST), sandbox.prepare(GUEST)
    spinning = [Spinning(sandbox.open(each)) for each in (mine, mine, other)]
    assert {id(call) for call in sandbox.ticker.calls_of(mine)} == {id(each.call) for each in spinning[:2]}
    for each in spinning:
        sandbox.ticker.end(each.call, "closed")
        each.ended()
    assert sandbox.ticker.calls_of(mine) == []


def test_a_call_within_another_is_found_and_ended_with_it(sandbox):
    """The outer guest has to end: so does the inner one, though its own deadline is far."""
    inner, found = sandbox.open(GUEST), []

    def run(call, *_):
        found.extend(sandbox.ticker.calls_of(outer.prepared))
        assert found == [call]
        nested = inner.begin(10**9)
        assert inner.run(nested, inner.function("run")) == 7
        assert nested.outer is call
        return 1

    outer = sandbox.open(ASKS, asked(run))
    assert sandbox.run(outer) == 1
    assert len(found) == 1


def test_the_deadline_of_an_outer_call_holds_while_an_inner_one_runs(sandbox):
    inner = sandbox.open(GUEST, limits=Limits(deadline="30s"))

    def run(*_):
        with pytest.raises(Cancelled):  # it ends with the outer one, and its own deadline is later
            sandbox.run(inner, "spin")
        return 1

    outer = sandbox.open(ASKS, asked(run), limits=Limits(deadline="50ms"))
    with pytest.raises(DeadlineExceeded) as raised:
        sandbox.run(outer)
    assert raised.value.value == 0.05


def test_grace_lets_a_guest_end_by_itself_and_then_is_over(sandbox):
    instance = sandbox.open(GUEST)
    spinning = Spinning(instance)
    start = time.monotonic()
    sandbox.ticker.end(spinning.call, "cancelled", 0.1)
    assert (spinning.call.asked_to_end, spinning.call.ended_by) == (True, None)
    assert isinstance(spinning.ended(), Cancelled)
    assert 0.09 <= time.monotonic() - start < 1.0


def test_grace_never_moves_a_deadline_back(sandbox):
    spinning = Spinning(sandbox.open(GUEST), seconds=0.05)
    sandbox.ticker.end(spinning.call, "cancelled", 60.0)
    start = time.monotonic()
    assert spinning.ended() is not None
    assert time.monotonic() - start < 1.0


def test_the_first_reason_to_end_stays(sandbox):
    spinning = Spinning(sandbox.open(GUEST))
    spinning.call.ended_by = "cancelled"
    sandbox.ticker.end(spinning.call, "closed")
    assert str(spinning.ended()) == "the call was cancelled"


def test_the_epoch_counts_for_one_engine_and_both_are_watched(sandbox):
    two = [sandbox.open(GUEST, limits=Limits(deadline="30ms", stack=stack)) for stack in ("256KiB", "512KiB")]
    assert two[0].engine is not two[1].engine
    for instance in two:
        with pytest.raises(DeadlineExceeded):
            sandbox.run(instance, "spin")


def test_what_remains_is_never_negative_and_nothing_once_the_call_has_to_end():
    call = Call()
    assert call.remaining() == 0.0
    call.deadline_at = time.monotonic_ns() + 10**9
    assert 0.9 < call.remaining() <= 1.0
    call.ended_by = "cancelled"
    assert call.remaining() == 0.0


def test_a_ticker_can_be_closed_while_asleep_and_while_awake():
    for wait in (0.0, 0.3):
        ticker = Ticker()
        time.sleep(wait)
        ticker.close()
        assert not ticker._thread.is_alive()


def test_a_look_bears_calls_that_come_while_garbage_is_collected(sandbox):
    """Freeing garbage runs code of others: here it enters a call, as another thread could meanwhile."""
    ticker = Ticker()
    ticker.close()
    instance = sandbox.open(GUEST)
    entered = iter(range(10**6, 10**7))

    class Enters:
        def __del__(self):
            call = Call()
            call.instance, call.deadline_at = instance, time.monotonic_ns() + 10**12
            ticker.running[next(entered)] = call

    threshold = gc.get_threshold()
    gc.set_threshold(1)
    try:
        for _ in range(300):
            cycle = [Enters()]
            cycle.append(cycle)
            del cycle
            ticker._look(time.monotonic_ns())
            ticker.calls_of(instance.prepared)
    finally:
        gc.set_threshold(*threshold)
    gc.collect()
    assert len(ticker.calls_of(instance.prepared)) == 300
