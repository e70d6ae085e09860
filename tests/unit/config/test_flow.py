"""`wardian.config.flow`: batches, queues and windows."""

from __future__ import annotations

import pytest

from support.shapes import read
from wardian.config.flow import BATCH, QUEUE, WINDOW, Batch, Queue, Window


def test_what_is_left_out_has_its_default():
    assert read(BATCH, {}) == (Batch(count=100, bytes=2**20, linger=0.02), [])
    assert read(QUEUE, {"count": 5}) == (Queue(count=5, bytes=64 * 2**20), [])


@pytest.mark.parametrize("given", [{"count": 0}, {"bytes": 0}, {"bytes": "much"}, {"linger": "soon"}, {"size": 1}])
def test_a_batch_is_bounded(given):
    assert len(read(BATCH, given)[1]) == 1


@pytest.mark.parametrize(
    ("given", "window"),
    [
        ({"count": 3}, Window(count=3)), ({"every": "1m"}, Window(every=60.0)),
        ({"count": 3, "every": 500}, Window(count=3, every=0.5)),
    ],
)  # fmt: skip
def test_a_window_is_closed_by_a_count_a_time_or_either(given, window):
    assert read(WINDOW, given) == (window, [])


@pytest.mark.parametrize("given", [{}, {"count": 0}, {"every": 0}, {"every": "0s"}, {"every": "x", "count": 1}])
def test_a_window_that_never_closes_or_always_does_is_a_problem(given):
    window, (_,) = read(WINDOW, given)
    assert window is None
