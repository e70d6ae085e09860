"""`wardian.document.shapes`: each reads what its JSON Schema says."""

import jsonschema
import pytest

from wardian.document.node import Node
from wardian.document.problem import Problems
from wardian.document.shapes import Anything, Duration, Flag, Layers, ListOf, MapOf, Text, Unfit, Whole

NAME = Text("a name", pattern="[a-z]+", most=5)
CASES = [
    (Text(), ["", "a"], [1, True, None, [], {}]),
    (NAME, ["a", "abcde"], ["", "A", "abcdef", "a\n", 1]),
    (Text(names=("red", "blue")), ["red"], ["green", 1, None]),
    (Flag(), [True, False], ["on", "yes", 0, None]),
    (Whole(1, 5), [1, 5], [0, 6, "1", True, 1.5]),
    (Duration(), ["250ms", "1m30s", " 2s ", 0, 1.5], ["abc", "", "5", "-1s", -1, True, None, [], 10**18]),
    (
        ListOf(NAME, least=1, most=2, unique=True),
        [["a"], ["a", "b"]],
        [[], ["a", "b", "c"], ["a", "a"], ["A"], "a", {}],
    ),
    (MapOf(NAME, Whole(0, 9)), [{}, {"a": 1}], [{"A": 1}, {"a": "1"}, [], 1]),
    (Anything(), [None, 1, [{"a": 1}]], []),
    (Anything(map_only=True), [{}], [[], None, 1]),
    (Layers(), [{}, {"a": 1}, [{}, {"a": 1}]], ["a", [1], 5, None]),
]


def read(shape, value):
    problems = Problems()
    try:
        return shape.read(Node.of(value, "w.yaml"), "here", problems), problems
    except Unfit:
        assert len(problems)
        return None, problems


@pytest.mark.parametrize(("shape", "right", "wrong"), CASES, ids=[str(at) for at in range(len(CASES))])
def test_what_is_read_and_what_is_refused_is_what_the_schema_says(shape, right, wrong):
    validator = jsonschema.Draft202012Validator(shape.schema({}))
    for value in right:
        assert not read(shape, value)[1].found, value
        assert validator.is_valid(value), value
    for value in wrong:
        assert read(shape, value)[1].found, value
        # A `$` of JSON Schema may stand before a line feed, in some libraries.
        assert not validator.is_valid(value) or value == "a\n", value


def test_a_number_of_a_duration_is_milliseconds_and_a_text_has_its_unit():
    assert [read(Duration(), each)[0] for each in ("250ms", 250, "1m30s", 0.5)] == [0.25, 0.25, 90.0, 0.0005]


def test_every_problem_of_a_list_and_of_a_map_is_told():
    assert [each.path for each in read(ListOf(NAME), ["A", "b", 1])[1].found] == ["here[0]", "here[2]"]
    assert [each.path for each in read(MapOf(NAME, Flag()), {"A": True, "b": 1})[1].found] == ["here.A", "here.b"]


def test_what_may_be_a_secret_is_not_shown():
    (problem,) = read(Text(pattern="[a-z]+", secret=True), "Hunter2")[1].found
    assert "Hunter2" not in problem


def test_truths_of_other_languages_have_a_hint():
    assert "write `true`" in read(Flag(), "on")[1].found[0]
    assert "write `false`" in read(Flag(), "No")[1].found[0]


def test_shapes_know_the_keys_below_them():
    node = Node.of({"x": 1})
    assert Text().known(node) == ListOf(NAME).known(node) == ()
    assert MapOf(NAME, Flag()).known(node) == ("x",)
    assert Anything().known(node) is Layers().known(node) is None
    for shape in (Text(), ListOf(NAME)):
        with pytest.raises(KeyError):
            shape.inner("x")
