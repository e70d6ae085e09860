"""`wardian.pipeline.health`: when a plugin that failed is tried again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.config.failing import Restart
from wardian.pipeline.health import Health


def health(*, chance=0.0, **rules):
    """Health by these rules whose every wait is left to the same chance."""
    return Health(Restart(**rules), chance=lambda: chance)


def test_below_the_threshold_it_is_tried_again_at_once():
    one = health(threshold=4)
    assert [one.failed(0.0) for _ in range(3)] == [0.0, 0.0, 0.0]
    assert one.failed(0.0) == 1.0


def test_from_the_threshold_on_each_wait_is_twice_the_one_before_until_the_longest():
    one = health(threshold=1, delay=1.0, most=20.0)
    assert [one.failed(0.0) for _ in range(7)] == [1.0, 2.0, 4.0, 8.0, 16.0, 20.0, 20.0]


def test_waiting_is_not_over_because_failures_are_forgotten_meanwhile():
    one, now, waits = health(threshold=3, forget=1.0, delay=10.0, most=1_000.0), 0.0, []
    for _ in range(8):
        waits.append(one.failed(now))
        now += waits[-1]
    assert waits == [0.0, 0.0, 10.0, 20.0, 40.0, 80.0, 160.0, 320.0]


def test_a_success_makes_the_next_wait_a_first_one():
    one = health(threshold=1)
    assert [one.failed(0.0), one.failed(1.0)] == [1.0, 2.0]
    one.succeeded(2.0)
    assert one.failed(2.0) == 1.0


def test_after_a_success_and_some_time_it_is_tried_at_once_again():
    one = health(threshold=2, forget=60.0)
    assert [one.failed(0.0), one.failed(0.0)] == [0.0, 1.0]
    one.succeeded(1.0)
    assert one.failed(600.0) == 0.0


def test_half_of_the_failures_are_forgotten_in_each_half_life():
    one = health(threshold=100, forget=60.0)
    for _ in range(8):
        one.failed(0.0)
    assert one.failures == 8.0
    one.failed(60.0)
    assert one.failures == pytest.approx(5.0)


def test_the_time_that_a_call_took_to_fail_forgets_nothing():
    one, now = health(threshold=10, forget=60.0), 0.0
    for _ in range(9):
        now += 300.0
        assert one.failed(now, 300.0) == 0.0
    assert one.failed(now + 300.0, 300.0) > 0


def test_rare_failures_never_reach_the_threshold():
    one = health(threshold=3, forget=60.0)
    assert {one.failed(300.0 * each) for each in range(1_000)} == {0.0}
    assert one.restarts == 1_000


@pytest.mark.parametrize("policy", ["deactivate", "stop"])
def test_the_other_policies_give_up_at_the_threshold(policy):
    one = health(policy=policy, threshold=3)
    assert [one.failed(0.0) for _ in range(3)] == [0.0, 0.0, None]
    assert one.restarts == 2


def test_where_nothing_is_kept_of_failures_each_is_the_first():
    one = health(threshold=2, forget=0.0)
    assert [one.failed(0.0), one.failed(1.0)] == [0.0, 0.0]


def test_a_clock_that_goes_back_makes_no_failure_count_more():
    one = health(threshold=100)
    one.failed(1_000.0)
    one.failed(0.0)
    assert one.failures == 2.0


@given(chance=st.floats(0, 1), failures=st.integers(1, 200), took=st.floats(0, 1_000))
def test_no_wait_is_longer_than_the_longest_or_shorter_than_four_fifths_of_the_first(chance, failures, took):
    one = health(threshold=1, delay=1.0, most=300.0, chance=chance)
    for _ in range(failures):
        assert 0.8 <= one.failed(0.0, took) <= 300.0


@given(took=st.floats(0.001, 12.0), chance=st.floats(0, 1), threshold=st.integers(1, 20))
def test_case_15_a_crash_loop_takes_less_than_a_twentieth_of_the_time(took, chance, threshold):
    one, now, spent = health(threshold=threshold, chance=chance), 0.0, 0.0
    for _ in range(threshold):  # those that are let go by
        now += took + one.failed(now, took)
    began = now
    while now < began + 3_600:
        spent += took
        now += took + one.failed(now, took)
    assert spent / (now - began) < 0.0501
