"""`wardian.pipeline.counters`: what a member has done."""

from __future__ import annotations

import dataclasses
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.pipeline.counters import BOUNDS, Counters, Counts, Histogram, Latency


def test_counters_begin_with_nothing():
    assert Counters().snapshot() == Counts()


def test_a_snapshot_has_each_number_and_does_not_change_with_them():
    counters = Counters()
    numbers = [field.name for field in dataclasses.fields(Counts) if field.type == "int"]
    for value, name in enumerate(numbers, 1):
        setattr(counters, name, value)
    seen = counters.snapshot()
    for name in numbers:
        setattr(counters, name, 0)
    assert [getattr(seen, name) for name in numbers] == list(range(1, len(numbers) + 1))


def test_counters_and_their_snapshot_have_the_same_names():
    assert sorted(Counters.__slots__) == sorted(field.name for field in dataclasses.fields(Counts))


def test_the_last_error_is_kept_with_its_time_and_bounded():
    counters, before = Counters(), time.time()
    counters.note(ValueError("x" * 5_000))
    counters.note(ValueError("y" * 5_000))
    assert counters.last_error == "y" * 999 + "…"
    assert before <= counters.last_error_at <= time.time()


def test_an_error_without_a_text_is_told_by_its_type():
    counters = Counters()
    counters.note(TimeoutError())
    assert counters.last_error == "TimeoutError"


def test_bounds_rise():
    assert list(BOUNDS) == sorted(set(BOUNDS))


@given(st.lists(st.floats(0, 100), max_size=50))
def test_each_duration_is_in_the_first_bucket_whose_bound_it_does_not_exceed(durations):
    histogram = Histogram()
    for each in durations:
        histogram.observe(each)
    seen = histogram.snapshot()
    assert seen.count == len(durations)
    assert seen.sum == pytest.approx(sum(durations))
    for index, bound in enumerate(BOUNDS):
        assert sum(seen.buckets[: index + 1]) == sum(each <= bound for each in durations)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=50), st.floats(0.01, 1))
def test_a_quantile_is_a_bound_that_so_many_did_not_exceed(durations, part):
    histogram = Histogram()
    for each in durations:
        histogram.observe(each)
    bound = histogram.snapshot().quantile(part)
    assert sum(each <= bound for each in durations) >= len(durations) * part - 1e-6


def test_nothing_has_no_quantile():
    assert Latency().quantile(0.5) is None


def test_what_is_longer_than_all_bounds_is_counted():
    histogram = Histogram()
    histogram.observe(3_600)
    assert histogram.snapshot().buckets[-1] == 1
    assert histogram.snapshot().quantile(0.5) == float("inf")


def test_another_thread_may_read_while_one_writes():
    counters, done = Counters(), threading.Event()

    def work():
        for _ in range(20_000):
            counters.calls += 1
            counters.latency.observe(0.001)
        done.set()

    thread = threading.Thread(target=work)
    thread.start()
    last = 0
    while not done.is_set():
        seen = counters.snapshot()
        assert seen.calls >= last
        last = seen.calls
    thread.join()
    assert counters.snapshot().calls == counters.snapshot().latency.count == 20_000
