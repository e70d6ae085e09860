"""`wardian.document.yaml_text`: YAML without surprises, and every fault with its line."""

import contextlib
import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from wardian.document.reading import DEPTH, parse
from wardian.document.yaml_text import write
from wardian.errors import ConfigError

# Without lone halves of pairs, which are no text.
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
NUMBERS = st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)


def values(texts):
    scalars = st.none() | st.booleans() | NUMBERS | texts
    return st.recursive(
        scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=15
    )


def read(text):
    return parse(text, "plugin.yaml").plain()


def refused(text):
    with pytest.raises(ConfigError) as caught:
        parse(text, "plugin.yaml")
    assert caught.value.where == "plugin.yaml"
    return caught.value.problems


def test_quotes_and_the_tag_of_text_make_text():
    assert read("a: '1'\nb: \"true\"\nc: !!str 5\nd: ! 6\n") == {"a": "1", "b": "true", "c": "5", "d": "6"}


def test_maps_and_lists_nest():
    text = "a:\n  - {b: 1, c: [2, 3]}\n  - d\ne: |\n  two\n  lines\n"
    assert read(text) == {"a": [{"b": 1, "c": [2, 3]}, "d"], "e": "two\nlines\n"}


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "null"])
def test_an_empty_file_is_an_empty_map(text):
    assert read(text) == {}


def test_all_faults_are_named_together_each_with_its_line():
    problems = refused("a: 1\nb: &x 2\nc: *x\na: 3\nd: !!python/object:os.system 4\n5: e\nf: 99999999999999999999999\n")
    assert [problem.line for problem in problems] == [2, 3, 4, 5, 6, 7]
    assert problems[2].hint == "it stands already at line 1"
    assert str(problems[2]) == ("plugin.yaml:4: expected each key once, got `a` again (it stands already at line 1)")


def test_a_fault_in_the_depth_has_its_path():
    (problem,) = refused("a:\n  - x\n  - b:\n      c: !no 1\n")
    assert (problem.line, problem.path) == (4, "a[1].b.c")


def test_a_key_that_stands_twice_in_an_inner_map_is_refused_but_not_in_two_maps():
    (problem,) = refused("a:\n  b: 1\n  b: 2\n")
    assert (problem.line, problem.path) == (3, "a")
    assert read("x: [{a: 1}, {a: 2}]") == {"x": [{"a": 1}, {"a": 2}]}


def test_the_billion_laughs_are_refused_at_the_first_anchor():
    assert "an anchor" in refused('a: &a ["x"]\nb: &b [*a,*a]\n')[0]


@pytest.mark.parametrize("text", ["[" * 50_000, "a: " + "{a: " * 50_000, "- " * 5_000 + "x"])
def test_nesting_that_would_break_other_parsers_is_a_fault_with_its_line(text):
    assert refused(text)[0].startswith("plugin.yaml:1: ")


def test_nesting_as_deep_as_allowed_is_read():
    inner = DEPTH - 1
    made = read("a: " + "[" * inner + "]" * inner)
    for _ in range(inner):
        (made,) = made.values() if isinstance(made, dict) else made or [None]
    assert made in ([], None)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: [1\n", 2), ("a: 1\n b: 2\n", 2), ("a: 1\nb: \x00", 2), ("a: 1\n---\nb: 2\n", 2), ("a: 1\nb:\n\t- 2\n", 3),
        ("a: 1\nb: @x\n", 2), ("a: 1\nb: 'x\n", 3), ("%YAML 7.1\n---\na: 1\n", 1),
    ],
)  # fmt: skip
def test_broken_yaml_says_the_line(text, line):
    assert refused(text)[0].line == line


@pytest.mark.parametrize("text", ["- 1", "just a text", "5"])
def test_what_is_no_map_is_refused(text):
    assert "a map" in refused(text)[0].expected


def test_a_number_of_thousands_of_digits_is_a_fault_and_no_crash():
    assert "64 bits" in refused("a: " + "9" * 10_000)[0]


def test_many_faults_are_cut():
    assert len(refused("\n".join("a: 1" for _ in range(500)))) == 100


def test_a_value_knows_its_line_and_that_of_its_key():
    node = parse("a:\n  b:\n    - 1\n    -\n      2\n", "x.yaml")
    assert (node.at(["a"]).line, node.at(["a"]).key_line) == (2, 1)
    assert [each.line for each in node.at(["a", "b"]).value] == [3, 5]


# JSON does not escape this one, and YAML does not have it unescaped.
@given(st.dictionaries(TEXTS, values(TEXTS), max_size=4).filter(lambda value: "\x7f" not in json.dumps(value)))
def test_json_is_yaml(value):
    assert read(json.dumps(value)) == value


@given(st.dictionaries(TEXTS, values(TEXTS), max_size=4))
def test_what_is_written_is_read_back(value):
    assert read(write(value)) == value


@given(st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True), values(st.from_regex(r"[a-z ]{0,9}"))))
def test_what_pyyaml_writes_is_read_back(value):
    assert read(yaml.safe_dump(value)) == value


@given(st.text(alphabet="ab:-[]{}&*!|>'\"\\#,? \n\t0.~%@`", max_size=60))
def test_any_text_is_read_or_refused_with_a_config_error(text):
    with contextlib.suppress(ConfigError):
        assert isinstance(read(text), dict)
