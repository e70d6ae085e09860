import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.timing import IDLE, SystemClock, configured_interval, pause


@pytest.mark.parametrize(
    ("wait_ms", "interval", "since", "empty", "expected"),
    [
        (250, 9.0, 5.0, False, 0.25),
        (0, 9.0, 5.0, False, 0.0),
        (0, None, 0.0, True, 0.01),
        (None, 1.0, 0.25, False, 0.75),
        (None, 1.0, 3.0, False, 0.0),
        (None, 1.0, 3.0, True, 0.01),
        (None, None, 0.0, False, 0.0),
        (None, None, 0.0, True, IDLE),
    ],
)
def test_the_reply_counts_before_the_interval_and_that_before_the_guard(wait_ms, interval, since, empty, expected):
    assert pause(wait_ms, interval, since, empty=empty) == expected


@given(
    st.none() | st.integers(0, 10**6), st.none() | st.floats(0, 10**6), st.floats(0, 10**6),
)  # fmt: skip
def test_a_source_that_gives_nothing_never_spins(wait_ms, interval, since):
    assert pause(wait_ms, interval, since, empty=True) >= 0.01
    assert pause(wait_ms, interval, since, empty=False) >= 0


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, None),
        ({"interval": "250ms"}, 0.25),
        ({"interval": "1m30s"}, 90),
        ({"interval_ms": 1500}, 1.5),
        ({"interval_ms": 1500, "interval": "1h"}, 1.5),
        ({"interval": 1000}, None),
        ({"interval": "soon"}, None),
        ({"interval": "0s"}, None),
        ({"interval_ms": 0}, None),
        ({"interval_ms": True}, None),
        ({"interval_ms": "5"}, None),
        ({"interval": None}, None),
    ],
)
def test_an_interval_is_a_duration_or_a_number_of_milliseconds(config, expected):
    assert configured_interval(config) == expected


def test_the_clock_of_the_machine_waits_until_it_is_stopped():
    clock, stopped = SystemClock(), threading.Event()
    assert abs(clock.now_ns() - time.time_ns()) < 10**9
    began = time.monotonic()
    clock.wait(0.01, stopped)
    assert time.monotonic() - began >= 0.009
    stopped.set()
    clock.wait(3600, stopped)
