"""Clocks that are wrong, and that jump, while a pipeline runs; case 9."""

from __future__ import annotations

import itertools
import time

import pytest

from reliability.conftest import eventually
from support.flows import Capture
from wardian import GuestError

JUMPS = itertools.cycle([3600, -3600, -1e9])
CLOCKS = {
    "an hour ahead": lambda now: now + 3600,
    "an hour behind": lambda now: now - 3600,
    "at 1970": lambda _: 0,
    "jumping": lambda now: now + next(JUMPS),
}


@pytest.fixture(params=CLOCKS)
def set_clock(request, monkeypatch):
    """Sets the clock of the machine, as far as this process can tell, when it is called."""
    real, wrong = time.time_ns, CLOCKS[request.param]

    def wrong_ns():
        return int(wrong(real() / 1e9) * 1e9)

    def change():
        monkeypatch.setattr(time, "time_ns", wrong_ns)
        monkeypatch.setattr(time, "time", lambda: wrong_ns() / 1e9)

    return change


def test_case_9_a_clock_that_is_set_delays_no_retry_and_loses_no_record(life, set_clock):
    left = [6]

    def refuses(value):
        if value["data"] == 9 and left[0]:
            left[0] -= 1
            return GuestError("transient", "not now", retry_after_ms=50)
        return None

    capture = Capture(refuses)
    rules = {
        "on_error": "attempts: 8, delay: 50ms, factor: 1",
        "rules": "restart: {threshold: 100}",
        "mark": "trap_on: 5, broken_on: 40",
    }
    flow = life(count=60, captures={"out": capture}, batch="count: 10", **rules)
    flow.run.start()
    eventually(lambda: left[0] < 6, "a first failure")
    set_clock()
    began = time.monotonic()
    assert flow.run.wait(40)
    assert time.monotonic() - began < 30
    assert flow.run.state == "done"
    assert sorted(capture.data()) == [number for number in range(60) if number not in (5, 40)]


def test_case_9_windows_close_after_the_time_that_passed_and_not_by_the_clock(life, set_clock):
    flow = life(count=-1, per_poll=1, steps="sum", window="every: 200ms")
    flow.run.start()
    eventually(lambda: flow.captures["out"].values, "a window")
    set_clock()
    at, began = len(flow.captures["out"].values), time.monotonic()
    eventually(lambda: len(flow.captures["out"].values) >= at + 3, "three more", 20)
    assert time.monotonic() - began >= 0.3  # none was closed early
    assert flow.run.stop(20)
    counted = sum(seen for seen, _ in flow.captures["out"].data())
    assert counted <= flow.run.counters["numbers"].records_out


def test_case_9_a_broken_plugin_waits_as_long_as_it_has_to(life, set_clock):
    rules = "restart: {threshold: 2, delay: 300ms, most: 300ms}, queue: {count: 9}"
    alone = {"batch": "count: 1, linger: 0", "on_error": "attempts: 1000, delay: 0, factor: 1"}
    flow = life(count=-1, mark="dies: 1", rules=rules, **alone)
    flow.run.start()
    eventually(lambda: flow.run.state == "waiting", "the breaker")
    set_clock()
    before = flow.run.counters["mark"].restarts
    time.sleep(1.5)
    assert 1 <= flow.run.counters["mark"].restarts - before <= 8
    flow.run.end()
