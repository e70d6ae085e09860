from datetime import UTC, datetime

import pytest

from wardian.toolchain.cases.difference import differences, of_reply, shown


def lines(expected, given):
    return list(differences(expected, given, "output"))


@pytest.mark.parametrize(
    ("expected", "given"),
    [
        (None, None), (True, True), ("a", "a"), (1, 1), (1, 1.0), (1.0, 1), (0.3, 0.1 + 0.2), ([], []), ({}, {}),
        ([1, {"a": [2.5]}], [1.0, {"a": [2.5]}]), (2**64 - 1, 2**64 - 1), ("h'0102'", b"\1\2"),
        (float("nan"), float("nan")), ("NaN", float("nan")), (float("-inf"), float("-inf")),
        ("2026-01-01T00:00:00Z", datetime(2026, 1, 1, tzinfo=UTC)), ({"h'01'": 1}, {b"\1": 1}),
    ],
)  # fmt: skip
def test_what_is_the_same_has_no_difference(expected, given):
    assert lines(expected, given) == []


@pytest.mark.parametrize(
    ("expected", "given", "line"),
    [
        (1, 2, "output: expected 1, got 2"),
        (1, True, "output: expected 1, got true"),
        (0, False, "output: expected 0, got false"),
        (None, 0, "output: expected null, got 0"),
        ("1", 1, 'output: expected "1", got 1'),
        (2**64 - 1, 2**64 - 2, f"output: expected {2**64 - 1}, got {2**64 - 2}"),
        (1.0, 1.001, "output: expected 1.0, got 1.001"),
        ([], {}, "output: expected [], got {}"),
        ([1], [1, 2], "output: expected 1 items, got 2: [1, 2]"),
        ({"a": 1}, {}, "output.a: expected 1, and there is none"),
        ({}, {"a": 1}, "output.a: expected none, got 1"),
        ({"a": [{"b c": 1}]}, {"a": [{"b c": 2}]}, 'output.a[0]."b c": expected 1, got 2'),
    ],
)
def test_a_difference_names_its_place(expected, given, line):
    assert lines(expected, given) == [line]


def test_every_difference_is_told():
    assert len(lines({"a": 1, "b": [1, 2]}, {"a": 2, "b": [3, 4]})) == 3


def test_an_outcome_that_is_an_error_is_compared_in_what_is_said_of_it():
    reply = [[{"data": 1}], {"kind": "invalid", "message": "no", "code": "x"}]
    assert list(of_reply("processor_process", [[{"data": 1}], {"kind": "invalid"}], reply)) == []
    (line,) = of_reply("processor_process", [[{"data": 1}], {"kind": "config"}], reply)
    assert line == 'output[1].kind: expected "config", got "invalid"'
    (line,) = of_reply("processor_process", [[{"data": 1}], {"kind": "invalid", "message": "yes"}], reply)
    assert line == 'output[1].message: expected "yes", got "no"'


def test_elsewhere_all_of_a_map_counts():
    assert list(of_reply("lookup_rows", [{"kind": "invalid"}], [{"kind": "invalid", "message": "no"}])) != []


def test_more_or_fewer_outcomes_are_a_difference():
    assert list(of_reply("sink_write", [None], [None, {"kind": "invalid", "message": "no"}])) != []
    assert list(of_reply("sink_write", [None, None], [None])) != []


def test_a_sink_may_say_null_where_all_is_well():
    assert list(of_reply("sink_write", [None, None], None)) == []
    assert list(of_reply("sink_write", [None, {"kind": "invalid"}], None)) != []


def test_a_value_is_shown_in_a_line():
    assert shown("\x1b[31m" + "a" * 500).startswith('"\\u001b[31maaa')
    assert len(shown("a" * 500)) == 200
