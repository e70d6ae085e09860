"""`wardian.config.lane`: a name, or a map with the output whose records go there."""

from __future__ import annotations

import jsonschema
import pytest

from support.shapes import read
from wardian.config.lane import Lane, LaneShape
from wardian.document.node import Node


@pytest.mark.parametrize(
    ("given", "lane"),
    [
        ("parse", Lane(name="parse")), ({"name": "parse"}, Lane(name="parse")),
        ({"name": "parse", "path": "bad"}, Lane(name="parse", path="bad")),
        ({"name": "parse", "path": None}, Lane(name="parse")),
    ],
)  # fmt: skip
def test_a_name_alone_takes_the_records_without_an_output(given, lane):
    assert read(LaneShape(), given) == (lane, [])


@pytest.mark.parametrize("given", [1, None, "no name", [], {}, {"path": "bad"}, {"name": "a", "paht": "b"}])
def test_all_else_is_a_problem_for_the_reader_and_for_the_schema(given):
    lane, problems = read(LaneShape(), given)
    assert lane is None
    assert problems
    definitions = {}
    schema = {**LaneShape().schema(definitions), "$defs": definitions}
    assert not jsonschema.Draft202012Validator(schema).is_valid(given)


def test_a_problem_says_where_it_is():
    assert [each.path for each in read(LaneShape(), {"name": "a", "path": "9"})[1]] == ["here.path"]


def test_the_keys_of_a_map_are_known_to_who_overrides_them():
    shape = LaneShape()
    assert shape.known(Node.of({"name": "a"})) == ("name", "path")
    assert shape.known(Node.of("a")) == ()
    assert shape.inner("path") is not None
