import threading

import pytest

from wardian.cli import record_stream
from wardian.cli.record_stream import Failures, read, read_records, to_record
from wardian.cli.usage import Usage
from wardian.errors import GuestError
from wardian.record import NotARecord, Record


@pytest.mark.parametrize(
    ("value", "record"),
    [
        ({"data": 1, "key": "a"}, Record(1, key="a")),
        ({"data": None}, Record(None)),
        ({"a": 1}, Record({"a": 1})),
        ({}, Record({})),
        ([1], Record([1])),
        (None, Record(None)),
        ("text", Record("text")),
    ],
)
def test_a_map_with_data_is_a_record_and_all_else_is_what_one_says(value, record):
    assert to_record(value) == record


@pytest.mark.parametrize("value", [{"data": 1, "time": "noon"}, {"data": 1, "more": 2}, {"data": 1, "tags": None}])
def test_a_map_with_data_and_another_fault_is_no_record(value):
    with pytest.raises(NotARecord):
        to_record(value)


def test_lines_that_are_wrong_are_told_and_the_others_read(tmp_path, capsys):
    path = tmp_path / "in.jsonl"
    path.write_bytes(b'1\n\noops\n{"data": 2, "more": 1}\n\xff\n{"data": 3}')
    failures = Failures()
    found = list(read_records(f"@{path}", threading.Event(), failures))
    assert found == [(1, Record(1)), (6, Record(3))]
    assert failures.code == 2
    told = capsys.readouterr().err.splitlines()
    assert [line.partition(",")[0] for line in told] == ['{"line": 3', '{"line": 4', '{"line": 5']


def test_reading_ends_once_the_person_has_had_enough(tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_text("1\n2\n3\n")
    ended = threading.Event()
    lines = read(f"@{path}", ended, Failures())
    assert next(lines) == (1, 1)
    ended.set()
    with pytest.raises(KeyboardInterrupt):
        next(lines)


def test_an_error_is_told_whole_and_the_first_one_is_the_code(capsys):
    failures = Failures()
    assert failures.code == 0
    failures.note(7, GuestError("transient", "la\nter", guest_code="c", retry_after_ms=5, details=b"\1"))
    failures.note(8, Usage("this is no JSON"))
    assert failures.code == 1
    assert capsys.readouterr().err == (
        '{"line": 7, "kind": "transient", "message": "la\\nter", "code": "c", "retry_after_ms": 5, '
        '"details": "h\'01\'"}\n{"line": 8, "kind": "invalid", "message": "this is no JSON"}\n'
    )


def test_a_record_is_written_as_a_line(capsys):
    record_stream.give(Record({"a": b"\1"}, key="k", time=5))
    assert capsys.readouterr().out == '{"data": {"a": "h\'01\'"}, "time": 5, "key": "k"}\n'
