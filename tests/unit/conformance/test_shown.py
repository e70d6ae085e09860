"""Values in one line of a report."""

from __future__ import annotations

import math

import pytest

from wardian.conformance.shown import call, shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"), (True, "true"), (0, "0"), (-1.5, "-1.5"), (math.nan, "nan"), ("a\0\u202e", r'"a\u0000\u202e"'),
        (b"\1\2", "h'0102'"), ([1, {"a": []}], '[1, {"a": []}]'), ({b"k": None}, "{h'6b': null}"), ({}, "{}"),
    ],
)  # fmt: skip
def test_a_value_is_written_as_json_or_as_cbor_writes_it(value, text):
    assert shown(value) == text


def test_what_is_long_is_cut_and_says_how_long_it_is():
    assert shown("x" * 100) == f'"{"x" * 60}"… (100 characters)'
    assert shown(b"\0" * 100).endswith("(100 bytes)")
    assert shown(list(range(10_000))) == "[0, 1, 2, 3, … 10,000 in all]"
    assert len(shown([["y" * 50] * 4] * 4)) <= 200


def test_no_depth_is_too_much_for_it():
    deep: object = 0
    for _ in range(64):
        deep = [deep]
    assert shown(deep) == "[[[[[[[…]]]]]]]"


def test_a_call_is_its_entry_point_and_its_request():
    assert call("sink_flush", {"urgent": True}) == 'sink_flush {"urgent": true}'
