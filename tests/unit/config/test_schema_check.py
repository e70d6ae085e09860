"""`wardian.config.schema_check`: each violation with its line, its path, and what would be right."""

import pytest

from wardian.config.schema_check import check
from wardian.document.node import Node, merged
from wardian.document.problem import Problems
from wardian.document.reading import parse
from wardian.document.secret_text import SecretText

SCHEMA = {
    "type": "object",
    "properties": {
        "interval": {"type": "string", "pattern": "^[0-9]+(ms|s|m)$"},
        "count": {"type": "integer", "minimum": 1, "maximum": 9},
        "mode": {"enum": ["fast", "slow"]},
        "tags": {"type": "array", "uniqueItems": True, "items": {"type": "string", "minLength": 2}},
        "inner": {"type": "object", "required": ["a"], "additionalProperties": {"type": ["boolean", "null"]}},
        "either": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
    },
    "required": ["interval"],
    "additionalProperties": False,
}


def problems(text, schema=SCHEMA, node=None):
    found = Problems()
    check(schema, node or parse(text, "w.yaml"), path="sources.x.config", package="acme/x", problems=found)
    return found.sorted()


def test_every_violation_has_its_line_and_path_and_says_what_is_right():
    found = problems(
        "count: 10\nmode: medium\ntags:\n  - ab\n  - a\n  - ab\ninner:\n  b: 5\neither: []\nintervall: 1s\n"
    )
    assert [(each.line, each.path, each.expected, each.found) for each in found] == [
        (1, "sources.x.config.count", "at most `9`", "`10`"),
        (1, "sources.x.config", "the key `interval`", "none"),
        (2, "sources.x.config.mode", "one of `fast`, `slow`", "`medium`"),
        (4, "sources.x.config.tags", "a list that has each item once", "a list"),
        (5, "sources.x.config.tags[1]", "a text of at least `2` characters", "`a`"),
        (7, "sources.x.config.inner", "the key `a`", "none"),
        (8, "sources.x.config.inner.b", "`true` or `false` or nothing", "`5`"),
        (9, "sources.x.config.either", "one of the forms that the schema allows", "an empty list"),
        (10, "sources.x.config.intervall", "a known key", "`intervall`"),
    ]
    assert found[-1].hint == "did you mean `interval`?"


def test_a_key_that_is_not_allowed_is_told_where_it_stands():
    found = problems("a: 1\nlonger: 1\n", {"propertyNames": {"maxLength": 1}})
    assert [(each.line, each.path, each.found) for each in found] == [(2, "sources.x.config.longer", "`longer`")]


def test_what_is_right_is_silent():
    assert problems("interval: 1s\ncount: 9\ninner: {a: true}\neither: 5\n") == []


def test_each_value_is_told_where_it_was_written():
    node = merged(Node.of({"interval": "soon"}, "acme/x, defaults"), parse("count: 0\n", "w.yaml"))
    assert sorted(each.file for each in problems("", node=node)) == ["acme/x, defaults", "w.yaml"]


def test_secrets_are_not_shown_and_not_judged_before_they_are_known():
    assert problems("interval: '${secret:x}'\n") == []
    (problem,) = problems("", node=Node.of({"interval": SecretText("hunter2-hunter2")}))
    assert problem.found == "`***`"


def test_a_hundred_are_enough():
    assert len(problems("interval: 1s\ntags: [" + "a, " * 500 + "]\n")) == 100


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"type": "objekt"}, "`objekt` at `#/type`"), ({"$ref": "http://x/"}, "leads out"),
        ({"$ref": "#"}, "never end"),
        ({"properties": {"a": {"pattern": "(?=x)"}}}, "RE2"), ({"required": "a"}, "`a` at `#/required`"),
    ],
)  # fmt: skip
def test_a_schema_that_cannot_be_checked_is_one_problem_of_its_package(schema, said):
    (problem,) = problems("a: x\n", schema)
    assert problem.file == "acme/x"
    assert said in problem.found
    assert problem.hint == "its author has to mend it"
