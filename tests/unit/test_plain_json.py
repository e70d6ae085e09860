"""JSON is strict when it is read, and complete when it is written."""

import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian import plain_json

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(PLAIN)
def test_what_json_has_words_for_is_read_as_it_was_written(value):
    assert plain_json.read(plain_json.write(value)) == value


@pytest.mark.parametrize("text", ["", "{", "NaN", "[Infinity]", '{"a": 1, "a": 2}', "[" * 100_000, "1 2", "'a'"])
def test_what_is_no_json_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        plain_json.read(text)


def test_what_json_has_no_word_for_is_text():
    assert plain_json.write([b"\x01\x02", math.nan, -math.inf]) == '["h\'0102\'", "NaN", "-Infinity"]'
    assert plain_json.write(datetime(2026, 1, 2, tzinfo=UTC)) == '"2026-01-02T00:00:00Z"'


def test_what_a_terminal_would_obey_is_escaped():
    assert plain_json.write("\x1b[31m\x7f\u202e") == '"\\u001b[31m\\u007f\\u202e"'
