"""`wardian.cli.json_text`: strict when read, complete when written."""

import json
import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.cli.json_text import parse, write
from wardian.cli.usage import Usage

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(PLAIN, st.sampled_from([None, 2]))
def test_plain_data_is_read_back_as_it_was_written(value, indent):
    assert parse(write(value, indent=indent)) == value


@given(st.text())
def test_what_is_written_is_one_line_and_safe_for_a_terminal(text):
    assert write({text: text}).isprintable()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b"\x01\x02", '"h\'0102\'"'), (b"", '"h\'\'"'), (math.nan, '"NaN"'), (math.inf, '"Infinity"'),
        (-math.inf, '"-Infinity"'), (datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC), '"2024-01-02T03:04:05Z"'),
        (2**64 - 1, "18446744073709551615"), ("ß", '"ß"'), ("\x1b[31m", '"\\u001b[31m"'), ("\x9b", '"\\u009b"'),
        ("\x7f", '"\\u007f"'), ("\u202e", '"\\u202e"'),
    ],
)  # fmt: skip
def test_what_json_has_no_word_for_is_text(value, text):
    assert write(value) == text


def test_a_key_of_bytes_and_a_text_that_looks_like_it_are_both_kept():
    assert sorted(json.loads(write({b"\x01": 1, "h'01'": 2})).values()) == [1, 2]


@pytest.mark.parametrize(
    "text", ["[" * 500 + "]" * 500, '["' + "[" * 1_000 + '", "\\"[{", "\\\\"]', "[[]," * 400 + "1" + "]" * 400]
)
def test_brackets_in_a_text_and_brackets_that_are_closed_are_not_deep(text):
    assert parse(text) == json.loads(text)


def test_text_that_looks_like_bytes_stays_text():
    assert parse("\"h'0102'\"") == "h'0102'"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "it is empty"), (" \n", "it is empty"), ("hello", "line 1, column 1"), ("[1,\n2,x]", "line 2, column 3"),
        ("{'a': 1}", "line 1, column 2"), ("1 2", "extra data at line 1, column 3"), ("NaN", "`NaN` is not in JSON"),
        ("-Infinity", "`-Infinity` is not in JSON"), ('{"a": 1, "b": {"c": 1, "c": 2}}', 'the key "c" stands twice'),
        ("[" * 100_000, "nested too deep"), ('{"a":' * 501, "nested too deep"),
        ("[" * 501 + "]" * 501, "in more than 500 levels"), ('["' + '\\"' * 10**6, "line 1, column 2"),
        ("1" * 5_000, "digits"),
    ],
)  # fmt: skip
def test_what_is_no_json_says_where_and_why(text, says):
    with pytest.raises(Usage) as caught:
        parse(text, where="the argument")
    assert says in caught.value.message
    assert caught.value.where == "the argument"


def test_the_hint_is_for_what_was_probably_meant():
    with pytest.raises(Usage) as caught:
        parse("hello")
    assert "--text" in caught.value.hint
    with pytest.raises(Usage) as caught:
        parse("{a: 1}")
    assert "single quotes" in caught.value.hint
