"""`wardian.document.structs`: a dataclass that says what a map must hold."""

from dataclasses import dataclass

import jsonschema
import pytest

from wardian.document.node import Node
from wardian.document.problem import Problems
from wardian.document.reading import parse
from wardian.document.shapes import Duration, Flag, ListOf, Text, Unfit, Whole
from wardian.document.structs import Place, Struct, key, place


@dataclass(frozen=True, kw_only=True)
class Inner:
    size: int = key(Whole(1, 9), "how large")
    at: Place = place()  # noqa: RUF009 - as all of them are


@dataclass(frozen=True, kw_only=True)
class Outer:
    name: str = key(Text(), "what it is called")
    if_: str = key(Text(), "when", default="always")
    wait: float = key(Duration(), "how long", default=1.0)
    parts: tuple = key(ListOf(Struct(Inner, "a part")), "what it has", default=())
    left: bool = key(Flag(), "on the left", default=None)
    right: bool = key(Flag(), "on the right", default=None)


def no_liars(made, node, path, problems):
    if made.name == "liar":
        problems.note(node.at(["name"]), f"{path}.name", "the truth")


STRUCT = Struct(Outer, "the whole", one_of=("left", "right"), check=no_liars)


def read(text):
    problems = Problems()
    try:
        return STRUCT.read(parse(text, "w.yaml"), "", problems), problems.sorted()
    except Unfit:
        return None, problems.sorted()


def test_a_right_map_becomes_the_dataclass_with_its_defaults():
    made, problems = read("name: x\nif: y\nwait: 250ms\nparts: [{size: 2}]\nleft: true\n")
    assert problems == []
    assert made == Outer(name="x", if_="y", wait=0.25, parts=(Inner(size=2),), left=True)
    assert (made.parts[0].at.path, made.parts[0].at.node.line) == ("parts[0]", 4)


def test_every_problem_is_told_with_its_line_and_path():
    _, problems = read("nam: x\nwait: soon\nparts:\n  - {}\n  - size: 10\n    sise: 1\n  - 5\n")
    assert [(each.line, each.path, each.expected) for each in problems] == [
        (1, "nam", "a known key"),
        (1, "", "the key `name`"),
        (1, "", "exactly one of `left`, `right`"),
        (2, "wait", Duration.expected),
        (4, "parts[0]", "the key `size`"),
        (5, "parts[1].size", "a whole number from 1 to 9"),
        (6, "parts[1].sise", "a known key"),
        (7, "parts[2]", "a map with the keys `size`"),
    ]
    assert problems[0].hint == "did you mean `name`?"


def test_an_optional_key_that_holds_nothing_is_as_good_as_left_out():
    made, problems = read("name: x\nif:\nparts:\nleft: true\n")
    assert (made.if_, made.parts, problems) == ("always", (), [])
    assert read("name:\nleft: true\n")[1]
    assert read("name: x\nleft:\n")[1]


def test_more_than_one_of_a_choice_is_refused():
    assert read("name: x\nleft: true\nright: true\n")[1][0].found == "`left` and `right`"


def test_a_check_looks_at_the_whole():
    assert read("name: liar\nleft: true\n")[1][0].expected == "the truth"


def test_its_schema_says_the_same():
    definitions = {}
    schema = {**STRUCT.schema(definitions), "$defs": definitions}
    validator = jsonschema.Draft202012Validator(schema)
    assert validator.is_valid({"name": "x", "left": True, "if": None, "parts": [{"size": 2}]})
    for wrong in ({"left": True}, {"name": "x"}, {"name": "x", "left": True, "right": True}, {"name": "x", "z": 1}, []):
        assert not validator.is_valid(wrong), wrong
    assert definitions["outer"]["properties"]["if"] == {
        "type": ["string", "null"], "maxLength": 10_000, "description": "when", "default": "always",
    }  # fmt: skip


def test_it_knows_its_keys_and_what_they_hold():
    assert STRUCT.known(Node({})) == ("name", "if", "wait", "parts", "left", "right")
    assert STRUCT.inner("wait") == Duration()
    with pytest.raises(KeyError):
        STRUCT.inner("nothing")
