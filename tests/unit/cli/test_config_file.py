"""`wardian.cli.config_file`: YAML 1.2 without surprises, and every fault with its line."""

import contextlib
import json
import math

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from wardian.cli import config_file
from wardian.cli.config_file import DEPTH, MOST, parse_json, parse_yaml, read
from wardian.errors import ConfigError

# Without what JSON escapes as a surrogate pair, which YAML does not have.
TEXTS = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=("Cs",)), max_size=20)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=15
)


def refused(text):
    with pytest.raises(ConfigError) as caught:
        parse_yaml(text, "plugin.yaml")
    assert caught.value.where == "plugin.yaml"
    return caught.value


@pytest.mark.parametrize(
    "text",
    ["on", "off", "yes", "no", "y", "12:30:45", "017", "2024-01-02", "1_000", "0b11", "<<", "1.2.3", "-", "08.5"],
)
def test_what_older_yaml_would_turn_into_something_else_stays_text(text):
    assert parse_yaml(f"key: {json.dumps(text) if text == '-' else text}", "") == {"key": text}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True), ("False", False), ("null", None), ("~", None), ("", None), ("0", 0), ("-7", -7), ("+7", 7),
        ("0x1F", 31), ("0o17", 15), ("1.5", 1.5), ("-.5", -0.5), ("1e3", 1000.0), ("5.", 5.0), (".inf", math.inf),
        ("-.INF", -math.inf), ("18446744073709551615", 2**64 - 1), ("'1'", "1"), ('"true"', "true"), ("!!str 5", "5"),
    ],
)  # fmt: skip
def test_only_booleans_null_integers_and_floats_are_typed(text, value):
    made = parse_yaml(f"key: {text}", "")["key"]
    assert made == value
    assert type(made) is type(value)


def test_nan_is_a_float():
    assert math.isnan(parse_yaml("key: .nan", "")["key"])


def test_maps_and_lists_nest():
    text = "a:\n  - {b: 1, c: [2, 3]}\n  - d\ne: |\n  two\n  lines\n"
    assert parse_yaml(text, "") == {"a": [{"b": 1, "c": [2, 3]}, "d"], "e": "two\nlines\n"}


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "null"])
def test_an_empty_file_is_an_empty_configuration(text):
    assert parse_yaml(text, "") == {}


def test_all_faults_are_named_together_each_with_its_line():
    error = refused("a: 1\nb: &x 2\nc: *x\na: 3\nd: !!python/object:os.system 4\n5: e\nf: 99999999999999999999999\n")
    assert [problem.split(":")[0] for problem in error.problems] == [
        "line 2",
        "line 3",
        "line 4",
        "line 5",
        "line 6",
        "line 7",
    ]
    assert "`a` stands already at line 1" in error.problems[2]


def test_a_key_that_stands_twice_in_an_inner_map_is_refused_but_not_in_two_maps():
    assert "line 3" in refused("a:\n  b: 1\n  b: 2\n").problems[0]
    assert parse_yaml("x: [{a: 1}, {a: 2}]", "") == {"x": [{"a": 1}, {"a": 2}]}


def test_the_billion_laughs_are_refused_at_the_first_anchor():
    assert "anchors" in refused('a: &a ["x"]\nb: &b [*a,*a]\n').problems[0]


@pytest.mark.parametrize("text", ["[" * 50_000, "a: " + "{a: " * 50_000, "- " * 5_000 + "x"])
def test_nesting_that_would_break_other_parsers_is_a_fault_with_its_line(text):
    assert "line 1: this is nested deeper" in refused(text).problems[0]


def test_nesting_as_deep_as_allowed_is_read():
    inner = DEPTH - 1
    made = parse_yaml("a: " + "[" * inner + "]" * inner, "")
    for _ in range(inner):
        (made,) = made.values() if isinstance(made, dict) else made or [None]
    assert made in ([], None)


@pytest.mark.parametrize(
    ("text", "line"),
    [("a: [1\n", "line 2"), ("a: 1\n b: 2\n", "line 2"), ("a: \x00", "line 1"), ("a: 1\n---\nb: 2\n", "line 2")],
)
def test_broken_yaml_says_the_line(text, line):
    assert refused(text).problems[0].startswith(line)


@pytest.mark.parametrize("text", ["- 1", "just a text", "5"])
def test_what_is_no_map_is_refused(text):
    assert "map" in refused(text).message


def test_a_number_of_thousands_of_digits_is_a_fault_and_no_crash():
    assert "64 bits" in refused("a: " + "9" * 10_000).problems[0]


def test_many_faults_are_cut():
    assert len(refused("\n".join("a: 1" for _ in range(500))).problems) == 50


@given(st.dictionaries(TEXTS, VALUES, max_size=4))
def test_json_is_yaml(value):
    assert parse_yaml(json.dumps(value), "") == value


@given(st.text(alphabet="ab:-[]{}&*!|>'\"\\#,? \n\t0.~%@`", max_size=60))
def test_any_text_is_read_or_refused_with_a_config_error(text):
    with contextlib.suppress(ConfigError):
        assert isinstance(parse_yaml(text, ""), dict)


@given(st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True), st.integers(0, 99) | st.booleans() | st.none()))
def test_what_pyyaml_writes_is_read_back(value):
    assert parse_yaml(yaml.safe_dump(value), "") == value


def test_a_file_is_json_by_its_name_and_yaml_otherwise(tmp_path):
    (tmp_path / "a.json").write_text('{"a":\t1}')
    (tmp_path / "a.yaml").write_text("\ufeffa: on", "utf-8")
    assert read(tmp_path / "a.json") == {"a": 1}
    assert read(tmp_path / "a.yaml") == {"a": "on"}


def test_json_of_a_file_is_strict():
    with pytest.raises(ConfigError, match="twice"):
        parse_json('{"a": 1, "a": 2}', "x.json")
    with pytest.raises(ConfigError, match="map"):
        parse_json("[1]", "x.json")
    assert parse_json(" ", "x.json") == {}


def test_a_file_that_is_too_large_is_not_parsed(tmp_path, monkeypatch):
    monkeypatch.setattr(config_file, "parse_yaml", None)
    (tmp_path / "big.yaml").write_bytes(b"#" * (MOST + 1))
    with pytest.raises(ConfigError, match="1MiB"):
        read(tmp_path / "big.yaml")


def test_what_cannot_be_read_says_so(tmp_path):
    (tmp_path / "latin.yaml").write_bytes(b"a: 1\nb: \xff\n")
    with pytest.raises(ConfigError, match="UTF-8") as caught:
        read(tmp_path / "latin.yaml")
    assert caught.value.problems == ("line 2",)
    with pytest.raises(ConfigError, match="no such file"):
        read(tmp_path / "none.yaml")
    with pytest.raises(ConfigError, match="cannot be read"):
        read(tmp_path)
