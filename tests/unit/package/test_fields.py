import pytest

from wardian.package.fields import Fields, bare, shown


def fields(value, place=""):
    problems = []
    return Fields.of(value, place, problems), problems


def test_a_field_that_is_right_is_given_and_nothing_is_noted():
    given, problems = fields({"a": "x", "b": "two", "c": True, "d": [1], "e": {"f": 1}, "g": 0})
    assert (given.text("a"), given.one_of("b", ("one", "two")), given.flag("c")) == ("x", "two", True)
    assert (given.list("d"), given.map("e"), given.rest(), problems) == ([1], {"f": 1}, {"g": 0}, [])


def test_what_is_not_there_has_its_default_or_is_noted():
    given, problems = fields({}, "at[0]")
    assert (given.text("a", "y"), given.one_of("b", ("one",), "one"), given.flag("c"), given.map("d")) == (
        "y", "one", False, {},
    )  # fmt: skip
    assert problems == []
    assert (given.text("a"), given.list("e")) == (None, [])
    assert problems == [
        "at[0].a: expected text, got nothing", "at[0].e: expected a list of at least one, got nothing",
    ]  # fmt: skip


@pytest.mark.parametrize("value", [None, 1, "text", [], b""])
def test_what_is_no_map_has_no_fields(value):
    given, problems = fields(value)
    assert given.held == {}
    assert problems == [f"the description: expected a map, got {shown(value)}"]


def test_each_value_of_a_map_has_to_fit():
    given, problems = fields({"a": {"one": 1, "two": "x", "th\nree": None}})
    given.map_of("a", "a number", lambda held: isinstance(held, int))
    assert problems == ["a.two: expected a number, got 'x'", r"a.th\nree: expected a number, got null"]


def test_what_nobody_asked_for_can_be_wrong():
    given, problems = fields({"a": "x", "b": 1, 2: 3})
    given.text("a")
    given.no_more()
    assert problems == ["the description: expected texts as keys, got 2", "b: there is no such field"]


def test_no_more_than_thirty_problems_are_noted():
    given, problems = fields(dict.fromkeys(map(str, range(1000)), 1))
    given.no_more()
    assert len(problems) == 30


@pytest.mark.parametrize(
    ("value", "text"),
    [("a\x1b", r"'a\x1b'"), ("ä" * 100, "'" + r"\xe4" * 60 + "'"), (None, "null"), (2**70, "a number of more than"),
     (1.5, "1.5"), ({}, "a map"), ([], "a list"), (b"", "bytes"), (True, "True")],
)  # fmt: skip
def test_a_value_is_shown_short_and_printable(value, text):
    assert shown(value).startswith(text)


def test_a_key_is_shown_without_quotes():
    assert bare("a\nb") == r"a\nb"
