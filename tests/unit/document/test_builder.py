"""`wardian.document.builder`: nodes from events; the parsers' tests say the rest."""

import pytest

from wardian.document.builder import Builder, Enough


def test_what_is_started_holds_what_is_put_until_it_ends():
    builder = Builder("x.yaml", 3)
    builder.start({}, 1)
    builder.put("a", 1)
    builder.start([], 2)
    builder.put(5, 3)
    builder.end()
    builder.end()
    assert builder.made.plain() == {"a": [5]}
    assert builder.made.at(["a", 0]).line == 3


def test_too_deep_ends_it():
    builder = Builder("x.yaml", 1)
    builder.start([], 1)
    with pytest.raises(Enough):
        builder.start([], 2)
    assert builder.problems.found[0].line == 2


def test_a_hundred_problems_are_enough():
    builder = Builder("x.yaml", 1)
    for line in range(1, 100):
        builder.problem(line, "this", "that")
    with pytest.raises(Enough):
        builder.problem(100, "this", "that")
    assert len(builder.problems) == 100
