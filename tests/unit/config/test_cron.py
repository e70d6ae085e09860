"""`wardian.config.cron`: what is wrong with an expression, and when it comes next."""

import itertools
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.config import cron

BERLIN = ZoneInfo("Europe/Berlin")


def at(text, zone=UTC, fold=0):
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).timestamp()


@pytest.mark.parametrize("right", ["* * * * *", "*/5 * * * *", "0 9-17 * * MON-FRI", "0 0 29 2 *", "0 0 L * *"])
def test_an_expression_of_five_fields_is_right(right):
    assert cron.wrong(right) == ""


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "0 fields"), ("* * * *", "4 fields"), ("0 * * * * *", "6 fields"), ("@daily", "1 fields"),
        ("61 * * * *", "bad minute"), ("* * * * XYZ", "bad day-of-week"), ("*/0 * * * *", "bad minute"),
        ("0 0 30 2 *", "bad day-of-month"), ("0 0 5 1 MON#9", "bad day-of-week"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(given, said):
    assert cron.wrong(given) == said


@given(st.text(alphabet="0123456789*/-,#LW ", max_size=40))
def test_any_text_is_judged_and_what_is_right_comes_next(text):
    if not cron.wrong(text):
        assert cron.after(text, 0.0, UTC) > 0.0


def test_the_next_moment_is_after_the_given_one():
    assert cron.after("*/5 * * * *", at("2026-11-27T05:05:00"), UTC) == at("2026-11-27T05:10:00")
    assert cron.after("*/5 * * * *", at("2026-11-27T05:04:59.5"), UTC) == at("2026-11-27T05:05:00")
    assert cron.after("0 0 29 2 *", at("2026-11-27T00:00:00"), UTC) == at("2028-02-29T00:00:00")


def test_an_hour_that_is_left_out_in_spring_still_has_its_run():
    begun = cron.after("30 2 * * *", at("2026-03-28T12:00:00", BERLIN), BERLIN)
    assert at("2026-03-29T01:59:00", BERLIN) < begun <= at("2026-03-29T03:30:00", BERLIN)


def test_an_hour_that_comes_twice_in_autumn_has_each_of_its_minutes_and_one_daily_run():
    moment, seen = at("2026-10-25T01:55:00", BERLIN), []
    for _ in range(24):
        moment = cron.after("*/5 * * * *", moment, BERLIN)
        seen.append(moment)
    assert {later - sooner for sooner, later in itertools.pairwise(seen)} == {300.0}
    first = cron.after("30 2 * * *", at("2026-10-25T01:00:00", BERLIN), BERLIN)
    assert cron.after("30 2 * * *", first, BERLIN) == at("2026-10-26T02:30:00", BERLIN)
