"""`wardian.engine.rates`: records a second."""

from __future__ import annotations

import pytest

from wardian.engine.rates import Rates

A, B = ("p", "a"), ("p", "b")


def test_before_the_first_sample_nothing_is_known():
    assert Rates().per_second(5.0, {A: 100}) == {A: 0.0}


def test_a_rate_is_what_was_counted_since_the_oldest_sample_over_the_time():
    rates = Rates()
    rates.sample(0.0, {A: 0, B: 50})
    rates.sample(5.0, {A: 100, B: 50})
    assert rates.per_second(10.0, {A: 300, B: 50}) == {A: 30.0, B: 0.0}


def test_what_is_older_than_a_few_samples_counts_no_more():
    rates = Rates()
    for moment in range(10):
        rates.sample(moment * 5.0, {A: 1_000 if moment else 0})
    assert rates.per_second(50.0, {A: 1_000}) == {A: 0.0}


def test_samples_that_come_too_often_are_left_out():
    rates = Rates()
    for moment in range(100):
        rates.sample(moment / 100, {A: moment})
    assert rates.per_second(1.0, {A: 100}) == {A: pytest.approx(100.0)}


def test_what_is_new_or_began_anew_has_no_rate_yet_rather_than_a_wrong_one():
    rates = Rates()
    rates.sample(0.0, {A: 1_000})
    assert rates.per_second(10.0, {A: 10, B: 500}) == {A: 0.0, B: 0.0}


def test_no_time_is_no_division():
    rates = Rates()
    rates.sample(1.0, {A: 0})
    assert rates.per_second(1.0, {A: 5}) == {A: 0.0}
