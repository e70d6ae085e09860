"""The value that flows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.abi.contract import RECORD_TYPES
from wardian.record import TYPES, NotARecord, Record, records_from, values_of

FULL = {
    "data": {"n": 1},
    "message": "one",
    "type": "metric",
    "time": 1_700_000_000_000_000_000,
    "key": b"k",
    "tags": {"host": "a"},
    "meta": {"tries": 2},
    "path": "errors",
}
TEXTS = st.text(max_size=8)
MAPS = st.dictionaries(TEXTS, st.integers() | TEXTS, max_size=3)


def test_a_record_is_the_same_after_it_went_there_and_back():
    assert Record.from_value(FULL).to_value() == FULL


def test_data_alone_is_a_record_and_what_is_not_there_is_left_out():
    assert Record(None).to_value() == {"data": None}
    assert Record.from_value({"data": None}) == Record(None)


def test_a_point_in_time_is_a_time():
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    assert Record.from_value({"data": 1, "time": moment}).time == moment


def test_the_types_are_those_of_the_contract():
    assert TYPES == RECORD_TYPES


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([], "expected a record as a map, got list"),
        (None, "expected a record as a map, got NoneType"),
        ({}, "`data`: a record must have it"),
        ({"data": 1, "host": 2}, "a record has no field 'host'"),
        ({"data": 1, b"tags": {}}, "a record has no field b'tags'"),
        ({"data": 1, "type": "trace"}, "`type`: expected one of log, metric, span, bytes, event, got 'trace'"),
        ({"data": 1, "time": "now"}, "`time`: expected nanoseconds or a point in time, got 'now'"),
        ({"data": 1, "time": True}, "`time`: expected nanoseconds or a point in time, got True"),
        ({"data": 1, "time": 1.5}, "`time`: expected nanoseconds or a point in time, got 1.5"),
        ({"data": 1, "key": 7}, "`key`: expected text or bytes, got 7"),
        ({"data": 1, "tags": []}, "`tags`: expected a map, got list"),
        ({"data": 1, "tags": {b"k": 1}}, "`tags`: expected texts as keys, got b'k'"),
        ({"data": 1, "meta": {b"k": 1}}, "`meta`: expected texts as keys, got b'k'"),
        ({"data": 1, "path": b"errors"}, "`path`: expected text, got b'errors'"),
        ({"data": 1, "message": None}, "`message`: leave it out where there is none"),
        ({"data": 1, "message": 3}, "`message`: expected text, got 3"),
    ],
)
def test_what_is_no_record_is_refused_and_the_text_says_what_is_right(value, said):
    with pytest.raises(NotARecord) as caught:
        Record.from_value(value)
    assert str(caught.value) == said


def test_a_record_made_by_hand_is_checked_too():
    with pytest.raises(NotARecord, match="`key`"):
        Record(1, key=1.5)


def test_of_a_list_the_index_of_the_wrong_one_is_told():
    assert values_of(records_from([FULL, {"data": 2}])) == [FULL, {"data": 2}]
    with pytest.raises(NotARecord, match=r"^\[1\]: `data`"):
        records_from([FULL, {}])
    with pytest.raises(NotARecord, match="expected a list of records, got 'x'"):
        records_from("x")


@given(st.builds(Record, st.integers() | TEXTS | MAPS, st.none() | TEXTS, tags=MAPS, meta=MAPS, path=st.none() | TEXTS))
def test_whatever_a_record_holds_it_is_the_same_there_and_back(record):
    assert Record.from_value(record.to_value()) == record
