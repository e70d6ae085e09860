"""`wardian.config.failing`: what becomes of records and plugins that fail."""

from __future__ import annotations

import pytest

from support.shapes import read
from wardian.config.failing import ERRORS, RESTART, Errors, Restart


def test_by_default_a_record_is_tried_three_times_and_kept_as_a_dead_letter():
    assert read(ERRORS, {}) == (
        Errors(attempts=3, delay=1.0, factor=2.0, most=60.0, jitter=0.2, then="dead_letter"), [],
    )  # fmt: skip


def test_by_default_a_plugin_is_restarted_for_ever():
    assert read(RESTART, {}) == (
        Restart(policy="restart", threshold=10, forget=60.0, delay=1.0, most=300.0), [],
    )  # fmt: skip


@pytest.mark.parametrize(
    "given",
    [
        {"attempts": 0},
        {"factor": 0.5},
        {"jitter": 2},
        {"jitter": True},
        {"then": "forget"},
        {"delay": "-1s"},
        {"tries": 3},
    ],
)
def test_what_becomes_of_a_record_is_one_of_what_there_is(given):
    assert [each.path for each in read(ERRORS, given)[1]] == [f"here.{next(iter(given))}"]


@pytest.mark.parametrize("given", [{"policy": "pray"}, {"threshold": 0}, {"forget": 0}, {"delay": "later"}])
def test_what_becomes_of_a_plugin_is_one_of_what_there_is(given):
    assert [each.path for each in read(RESTART, given)[1]] == [f"here.{next(iter(given))}"]
