"""Lines become records and records lines; what is wrong is told for one record, and stops no other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian import GuestError, Record
from wardian.endpoints.line_record import line_of, record_of
from wardian.endpoints.lines import Line

DATA = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text() | st.lists(st.text())


def read(data, form="json"):
    return record_of(Line(data, len(data) + 1), form)


@given(st.builds(Record, DATA, message=st.none() | st.text(), tags=st.dictionaries(st.text(), DATA)))
def test_a_record_is_read_as_it_was_written(record):
    line = line_of(record, "json")
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert read(line[:-1]) == record


@given(st.text().filter(lambda text: "\n" not in text))
def test_text_is_read_as_it_was_written(text):
    assert read(line_of(Record(text), "text")[:-1], "text") == Record(text)


@pytest.mark.parametrize(
    ("line", "record"),
    [(b"5", Record(5)), (b'{"a": 1}', Record({"a": 1})), (b'{"data": 1, "key": "k"}', Record(1, key="k"))],
)
def test_a_map_with_data_is_a_record_and_anything_else_is_the_data_of_one(line, record):
    assert read(line) == record


@pytest.mark.parametrize(
    "line",
    [b"", b"{", b"NaN", b"\xff", b'{"data": 1, "odd": 2}', b"[" * 100_000, b"123456789012345678901", b'"\\ud800"',
     b'{"data": 1, "tags": []}', b"9" * 5000],
)  # fmt: skip
def test_a_line_that_is_none_is_its_bytes_with_the_error_in_meta(line):
    record = read(line)
    assert (record.data, record.type, record.meta["error"]["kind"]) == (line, "bytes", "invalid")
    assert record.meta["error"]["message"]


def test_a_line_that_was_cut_says_so():
    record = record_of(Line(b"12", 100, cut=True), "text")
    assert record.data == b"12"
    assert "longer" in record.meta["error"]["message"]


def test_text_that_is_no_utf_8_is_bytes_and_no_error():
    assert read(b"\xff", "text") == Record(b"\xff", type="bytes")


@pytest.mark.parametrize("data", [5, None, {"a": 1}, "a\nb", b"a\nb", "\ud800"])
def test_a_line_of_text_holds_one_line_of_text(data):
    assert line_of(Record(data), "text").kind == "invalid"


def test_what_json_cannot_say_is_refused():
    nested = []
    nested.append(nested)
    assert isinstance(line_of(Record(nested), "json"), GuestError)
    assert isinstance(line_of(Record(object()), "json"), GuestError)
