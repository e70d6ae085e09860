"""`wardian.document.problem`: one line that knows its parts."""

import pickle

import pytest

from wardian.document.node import Node
from wardian.document.problem import MOST, Problem, Problems, listed, nearest, shown
from wardian.document.secret_text import SecretText
from wardian.errors import ConfigError

FULL = Problem("a text", "`5`", file="w.yaml", line=3, path="a.b", hint="quote it")


def test_it_is_one_line_and_has_its_parts():
    assert FULL == "w.yaml:3: a.b: expected a text, got `5` (quote it)"
    assert FULL.as_dict() == {
        "file": "w.yaml", "line": 3, "path": "a.b", "expected": "a text", "found": "`5`", "hint": "quote it",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"file": "--set a"}, "--set a: "), ({"line": 3}, "line 3: "), ({"path": "a"}, "a: "), ({}, ""),
        ({"file": "w", "line": 1}, "w:1: "),
    ],
)  # fmt: skip
def test_what_is_not_known_is_left_out(parts, said):
    assert Problem("x", "y", **parts) == f"{said}expected x, got y"


def test_it_does_not_change_and_survives_pickling():
    with pytest.raises(AttributeError):
        FULL.line = 4
    again = pickle.loads(pickle.dumps(FULL))
    assert (again, again.as_dict()) == (FULL, FULL.as_dict())


def test_they_are_told_by_file_and_line_all_at_once():
    problems = Problems()
    for file, line in (("b", 1), ("a", 9), ("a", 2)):
        problems.note(Node(1, file, line), "p", "a text")
    with pytest.raises(ConfigError) as caught:
        problems.raise_any("wrong", where="a")
    assert [(each.file, each.line) for each in caught.value.problems] == [("a", 2), ("a", 9), ("b", 1)]
    Problems().raise_any("nothing")


def test_there_is_an_end_to_them():
    problems = Problems()
    for line in range(MOST * 2):
        problems.note(Node(1, "a", line), "p", "a text")
    assert len(problems) == MOST


def test_values_are_shown_short_and_secrets_never():
    assert len(shown("x" * 1000)) < 70
    assert shown(SecretText("hunter2hunter2")) == "`***`"
    assert [shown(each) for each in ({}, {"a": 1}, [], None, True, 1.5)] == [
        "an empty map", "a map", "an empty list", "nothing", "`true`", "`1.5`",
    ]  # fmt: skip


def test_a_near_name_is_a_hint():
    assert nearest("intervall", ["interval", "enabled"]) == "did you mean `interval`?"
    assert nearest("x", ["interval"]) == ""
    assert listed(map(str, range(30))).endswith("and 10 more")
