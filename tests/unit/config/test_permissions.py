"""`wardian.config.permissions`: what a file says of limits and grants is what the policy takes."""

import pytest

from wardian.config.permissions import GRANTS, LIMITS, GrantsShape, LimitsShape, fewer, narrowed
from wardian.document.node import Node
from wardian.document.problem import Problems
from wardian.document.shapes import Unfit
from wardian.policy import Grants, Limits


def read(shape, value):
    problems = Problems()
    try:
        return shape.read(Node.of(value), "here", problems), problems.found
    except Unfit:
        return None, problems.found


def test_every_limit_can_be_written_as_the_policy_writes_it():
    written = {name: value for name, value in Limits().written().items() if value != "none"}
    made, problems = read(LimitsShape(), written)
    assert problems == []
    assert Limits(**made) == Limits()
    assert set(LIMITS) == {*written, "fuel"}


def test_a_number_for_a_duration_is_milliseconds_everywhere_in_the_file():
    assert read(LimitsShape(), {"deadline": 200, "memory": 65536})[0] == {"deadline": 0.2, "memory": 65536}


def test_each_wrong_limit_is_told():
    _, problems = read(LimitsShape(), {"memory": "lots", "deadlin": 1, "deadline": "x", "items": 0, "fuel": None})
    assert [(each.path, each.hint) for each in problems] == [
        ("here.deadlin", "did you mean `deadline`?"), ("here.memory", ""), ("here.deadline", ""), ("here.items", ""),
    ]  # fmt: skip
    assert problems[2].expected.endswith("or a number of milliseconds")
    assert read(LimitsShape(), [])[1]


def test_every_grant_can_be_written():
    made, problems = read(GrantsShape(), {name: ["a.example:443"] if name == "http" else True for name in GRANTS})
    assert problems == []
    assert Grants(**made).http == ("a.example:443",)
    _, problems = read(GrantsShape(), {"clock": "on", "http": ["http://x/"], "htpp": []})
    assert [each.path for each in problems] == ["here.htpp", "here.clock", "here.http"]


@pytest.mark.parametrize(
    ("outer", "inner", "wider"),
    [
        ({}, {"memory": 2**20}, False), ({}, {"memory": 2**30}, True), ({"memory": 2**30}, {"memory": 2**30}, False),
        ({"deadline": 0.1}, {"deadline": 0.2}, True), ({}, {"fuel": 5}, False), ({"fuel": 5}, {"fuel": None}, True),
        ({"fuel": 5}, {"fuel": 6}, True), ({"fuel": 5}, {"fuel": 4}, False),
    ],
)  # fmt: skip
def test_limits_of_a_use_only_narrow(outer, inner, wider):
    problems = Problems()
    assert narrowed(outer, inner, Node.of(inner), "here", problems) == {**outer, **inner}
    assert bool(len(problems)) is wider


@pytest.mark.parametrize(
    ("outer", "inner", "wider"),
    [
        ({}, {}, False), ({}, {"clock": False}, False), ({}, {"clock": True}, True),
        ({"clock": True}, {"clock": True}, False),
        ({"http": ("a", "b")}, {"http": ("a",)}, False), ({"http": ("a",)}, {"http": ("b",)}, True),
        ({}, {"http": ("b",)}, True), ({"clock": True}, {"clock": False}, False),
    ],
)  # fmt: skip
def test_grants_of_a_use_are_out_of_those_of_the_plugin(outer, inner, wider):
    problems = Problems()
    node = Node.of({key: list(held) if isinstance(held, tuple) else held for key, held in inner.items()})
    assert fewer(outer, inner, node, "here", problems) == {**outer, **inner}
    assert bool(len(problems)) is wider
