"""A timer gives a record each interval, without drift; time is moved by hand."""

import threading

import pytest

from support.hand_clock import SECOND, HandClock
from wardian import ConfigError
from wardian.endpoints import open_source


def timer(clock, resume=None, **config):
    return open_source("timer", config, clock=clock, resume=resume)


def test_each_record_has_the_time_and_its_number():
    clock = HandClock()
    got = [each.data for each in timer(clock, interval="1s", count=3)]
    assert [each["count"] for each in got] == [1, 2, 3]
    assert [each["now"] - got[0]["now"] for each in got] == [0, SECOND, 2 * SECOND]


def test_it_does_not_drift_when_it_is_asked_late():
    clock = HandClock()
    one = timer(clock, interval="1s")
    one.poll()
    due = []
    for late in (0.3, 0.9, 0.0, 0.5):
        clock.now = one._due + int(late * SECOND)
        due.append(one.poll().records[0].time)
    assert [later - due[0] for later in due] == [0, SECOND, 2 * SECOND, 3 * SECOND]


def test_one_record_stands_for_all_that_were_missed():
    clock = HandClock()
    one = timer(clock, interval="1s")
    one.poll()
    clock.now += int(7.5 * SECOND)
    polled = one.poll()
    assert len(polled.records) == 1
    assert polled.wait_ms == 500
    assert one.poll().records == []


def test_aligned_records_come_at_whole_multiples_of_the_interval():
    clock = HandClock()
    clock.now = 90 * SECOND
    assert [each.time for each in timer(clock, interval="1m", count=2, align=True)] == [120 * SECOND, 180 * SECOND]


def test_a_clock_that_is_put_back_does_not_silence_it():
    clock = HandClock()
    one = timer(clock, interval="1s")
    one.poll()
    clock.now -= 500 * SECOND
    assert one.poll().wait_ms == 1000


def test_it_goes_on_counting_where_it_was():
    clock = HandClock()
    one = timer(clock, interval="1s", count=3)
    next(iter(one))
    assert [each.data["count"] for each in timer(clock, {"count": 2}, interval="1s", count=3)] == [3]
    assert list(timer(clock, {"count": 3}, interval="1s", count=3)) == []


@pytest.mark.parametrize("resume", [5, {}, {"count": -1}, {"count": True}, {"count": "1"}])
def test_an_offset_that_is_none_is_refused(resume):
    with pytest.raises(ConfigError, match="offset"):
        timer(HandClock(), resume, interval="1s")


@pytest.mark.parametrize("config", [{}, {"interval": "1ms"}, {"interval": 0}, {"interval": "1s", "count": 0}])
def test_a_configuration_that_is_wrong_is_refused(config):
    with pytest.raises(ConfigError, match=r"interval|count"):
        timer(HandClock(), **config)


def test_stop_ends_an_iteration_that_waits():
    one = open_source("timer", {"interval": "1h"})
    reading = threading.Thread(target=lambda: list(one))
    reading.start()
    one.stop()
    reading.join(10)
    assert not reading.is_alive()
