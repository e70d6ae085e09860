import threading
import time
from types import SimpleNamespace

import pytest

from unit.sandbox.test_wasi import Guest
from wardian.sandbox.wasi_clock import MONOTONIC, REALTIME, Clock
from wardian.sandbox.wasi_errno import Errno, Refused

SECOND = 1_000_000_000


def call(seconds=10.0):
    return SimpleNamespace(ended_by=None, due="deadline", deadline_at=time.monotonic_ns() + int(seconds * SECOND))


def test_without_the_grant_time_stands_still():
    clock = Clock(granted=False)
    before = clock.now(REALTIME), clock.now(MONOTONIC)
    time.sleep(0.01)
    assert (clock.now(REALTIME), clock.now(MONOTONIC)) == before == (0, SECOND)


def test_without_the_grant_time_moves_by_exactly_what_the_guest_waits():
    clock = Clock(granted=False)
    clock.wait(call(), 10_000_001)
    assert (clock.now(REALTIME), clock.now(MONOTONIC)) == (10_000_001, SECOND + 10_000_001)


def test_with_the_grant_the_time_is_the_hosts_in_steps_of_a_millisecond():
    clock = Clock(granted=True)
    for which, read in ((REALTIME, time.time_ns), (MONOTONIC, time.monotonic_ns)):
        before, now, after = read(), clock.now(which), read()
        assert before - 1_000_000 < now <= after
        assert now % 1_000_000 == 0


def test_the_monotonic_clock_never_goes_back():
    clock = Clock(granted=True)
    seen = [clock.now(MONOTONIC) for _ in range(10_000)]
    assert seen == sorted(seen)


@pytest.mark.parametrize("granted", [False, True])
@pytest.mark.parametrize("which", [2, 3, 4, 2**32 - 1])
def test_clocks_of_cpu_time_are_refused(granted, which):
    with pytest.raises(Refused) as caught:
        Clock(granted=granted).now(which)
    assert caught.value.errno is Errno.INVAL


def test_a_wait_takes_its_time():
    began = time.monotonic()
    Clock(granted=True).wait(call(), 50_000_000)
    assert 0.05 <= time.monotonic() - began < 0.2


def test_a_wait_is_cut_at_the_deadline_and_ends_the_call():
    running, began = call(0.05), time.monotonic()
    Clock(granted=True).wait(running, 2**64 - 1)
    assert time.monotonic() - began < 0.15
    assert running.ended_by == "deadline"


def test_a_wait_is_cut_at_the_end_of_the_grace_that_a_cancelled_call_has():
    running, began = call(), time.monotonic()
    running.due = "cancelled"
    timer = threading.Timer(0.02, lambda: setattr(running, "deadline_at", time.monotonic_ns() + SECOND // 20))
    timer.start()
    Clock(granted=True).wait(running, 5 * SECOND)
    timer.join()
    assert time.monotonic() - began < 0.3
    assert running.ended_by == "cancelled"


def test_a_call_that_has_to_end_does_not_wait():
    running, began = call(), time.monotonic()
    running.ended_by = "cancelled"
    Clock(granted=True).wait(running, SECOND)
    assert time.monotonic() - began < 0.1
    assert running.ended_by == "cancelled"


def test_a_guest_without_the_grant_gets_the_frozen_time_and_a_resolution():
    with Guest() as guest:
        assert guest.ask("clock_time_get", REALTIME, 1, 128) == 0
        assert guest.number(128, 8) == 0
        assert guest.ask("clock_time_get", MONOTONIC, 1, 128) == 0
        assert guest.number(128, 8) == SECOND
        assert guest.ask("clock_res_get", MONOTONIC, 128) == 0
        assert guest.number(128, 8) == 1_000_000


def test_a_guest_with_the_grant_gets_the_time():
    with Guest(clock=True) as guest:
        before = time.time_ns()
        assert guest.ask("clock_time_get", REALTIME, 2**64 - 1, 128) == 0
        assert before - 1_000_000 < guest.number(128, 8) <= time.time_ns()


def test_a_guest_is_refused_a_clock_that_there_is_not():
    with Guest(clock=True) as guest:
        assert guest.ask("clock_time_get", 2, 0, 128) == Errno.INVAL
        assert guest.ask("clock_res_get", 3, 128) == Errno.INVAL


def test_two_runs_without_the_grant_see_the_same_time():
    def seen():
        with Guest() as guest:
            guest.world.clock.wait(call(), 2_000_000)
            guest.ask("clock_time_get", MONOTONIC, 0, 128)
            return guest.get(128, 8)

    assert seen() == seen()
