"""`wardian.config.schedule`: exactly one of the three, and an expression that comes."""

from __future__ import annotations

import pytest

from wardian.config.schedule import SCHEDULE
from wardian.document.node import Node
from wardian.document.problem import Problems
from wardian.document.shapes import Unfit


def read(given):
    problems = Problems()
    try:
        return SCHEDULE.read(Node.of(given), "schedule", problems), problems.found
    except Unfit:
        return None, problems.found


@pytest.mark.parametrize(
    ("given", "field", "value"),
    [
        ({"every": "1m"}, "every", 60.0),
        ({"cron": "*/5 * * * *"}, "cron", "*/5 * * * *"),
        ({"once": True}, "once", True),
    ],
)
def test_it_is_one_of_three(given, field, value):
    schedule, problems = read(given)
    assert (getattr(schedule, field), problems) == (value, [])


@pytest.mark.parametrize("given", [{}, {"timeout": "1m"}, {"every": "1s", "once": True}])
def test_none_or_two_of_them_are_a_problem(given):
    schedule, (problem,) = read(given)
    assert schedule is None
    assert "exactly one of `every`, `cron`, `once`" in problem


def test_a_wrong_expression_is_told_with_what_is_wrong_in_it():
    schedule, (problem,) = read({"cron": "99 * * * *"})
    assert schedule is None
    assert problem.path == "schedule.cron"
    assert "bad minute" in problem
