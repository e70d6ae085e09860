"""`wardian.engine.schedule`: when the next run begins, whatever becomes of the clocks."""

import os
import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from wardian.config.schedule import Schedule
from wardian.engine.schedule import Due, Moment, local_zone, next_run

HOUR = 3600.0
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC).timestamp()
NOW = Moment(NOON, 1000.0)
HOURLY = Schedule(cron="0 * * * *")


def later(seconds, *, clock=0.0):
    """The moment after so many seconds, in which the wall's clock was moved by `clock` besides."""
    return Moment(NOON + seconds + clock, 1000.0 + seconds)


def due(schedule, began=None, now=NOW):
    return next_run(schedule, began, now, UTC)


class TestWithoutASchedule:
    def test_it_runs_at_once_and_never_again(self):
        assert due(None).left(NOW) == 0
        assert due(None, began=NOW, now=later(5)) is None

    def test_once_is_the_same(self):
        assert due(Schedule(once=True)).left(NOW) == 0
        assert due(Schedule(once=True), began=NOW, now=later(5)) is None


class TestEvery:
    def test_the_first_run_is_at_once_and_the_next_counts_from_its_beginning(self):
        assert due(Schedule(every=60.0)).left(NOW) == 0
        assert due(Schedule(every=60.0), began=NOW, now=later(20)).left(later(20)) == 40

    def test_after_a_run_that_took_too_long_the_next_is_at_once_and_there_is_one(self):
        assert due(Schedule(every=60.0), began=NOW, now=later(200)).left(later(200)) == 0

    @pytest.mark.parametrize("clock", [HOUR, -HOUR, -NOON])
    def test_case_9_a_clock_that_is_set_changes_nothing(self, clock):
        planned = due(Schedule(every=60.0), began=NOW, now=later(20))
        now = later(30, clock=clock)
        assert (planned.left(now), planned.stale(now)) == (30, False)


class TestCron:
    def test_it_waits_for_the_first_moment_and_then_for_the_next(self):
        assert due(HOURLY).left(NOW) == HOUR
        assert due(HOURLY, now=later(-1)).left(later(-1)) == 1
        began = later(HOUR + 0.2)
        assert due(HOURLY, began, later(HOUR + 600)).left(later(HOUR + 600)) == HOUR - 600

    def test_what_was_missed_meanwhile_is_not_made_up_for(self):
        assert due(HOURLY, NOW, later(5.5 * HOUR)).left(later(5.5 * HOUR)) == HOUR / 2

    def test_case_9_a_clock_an_hour_ahead_begins_one_run_at_once(self):
        planned, now = due(HOURLY), later(10, clock=HOUR)
        assert (planned.left(now), planned.stale(now)) == (0, False)
        assert due(HOURLY, now, later(20, clock=HOUR)).left(later(20, clock=HOUR)) == HOUR - 20

    def test_case_9_a_clock_an_hour_behind_does_not_repeat_a_run(self):
        now = later(10, clock=-HOUR)
        planned = due(HOURLY, NOW, now)
        assert planned.wall == NOON + HOUR

    def test_case_9_a_clock_that_is_in_1970_is_gone_by_once_that_shows(self):
        planned, now = due(HOURLY), Moment(600.0, 1010.0)
        assert planned.stale(now)
        assert due(HOURLY, NOW, now).left(now) == HOUR - 600

    def test_hours_are_those_of_the_zone(self):
        planned = next_run(Schedule(cron="0 14 * * *"), None, NOW, ZoneInfo("Europe/Berlin"))
        assert planned.left(NOW) == HOUR


def test_a_moment_has_both_clocks():
    assert abs(Moment.now().wall - time.time()) < 60
    assert abs(Moment.now().steady - time.monotonic()) < 60


def test_what_is_due_is_due_however_long_ago_that_was():
    assert Due(NOW, steady=0.0).left(NOW) == 0
    assert Due(NOW, wall=0.0).left(NOW) == 0


class TestZone:
    @pytest.fixture(autouse=True)
    def _tidy(self, monkeypatch):
        yield
        monkeypatch.undo()
        time.tzset()

    @pytest.mark.parametrize("name", ["Europe/Berlin", ":Europe/Berlin"])
    def test_it_is_the_one_that_the_environment_names(self, monkeypatch, name):
        monkeypatch.setenv("TZ", name)
        assert datetime(2026, 7, 1, tzinfo=local_zone()).utcoffset().total_seconds() == 2 * HOUR

    def test_one_that_cannot_be_read_has_the_hours_of_today(self, monkeypatch):
        monkeypatch.setenv("TZ", "XYZ-3")
        time.tzset()
        assert datetime.now(local_zone()).utcoffset().total_seconds() == 3 * HOUR

    def test_otherwise_it_is_that_of_the_machine(self, monkeypatch):
        monkeypatch.delenv("TZ", raising=False)
        time.tzset()
        now = datetime.now(local_zone())
        assert now.utcoffset() == now.astimezone().utcoffset(), os.environ
