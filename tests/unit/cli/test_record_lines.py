import json

from wardian.cli.record_lines import RecordPrinter, record_text
from wardian.record import Record


def test_a_record_is_one_line_of_json_behind_what_it_is(capsys):
    RecordPrinter(quiet=False)([Record({"n": 1}, message="a\nb"), Record(None)])
    lines = capsys.readouterr().err.splitlines()
    assert [line[:7] for line in lines] == ["emit   "] * 2
    assert json.loads(lines[0][7:]) == {"data": {"n": 1}, "message": "a\nb"}
    assert json.loads(lines[1][7:]) == {"data": None}


def test_quiet_prints_none(capsys):
    RecordPrinter(quiet=True)([Record(1)])
    assert capsys.readouterr().err == ""


def test_nothing_in_it_is_obeyed_by_a_terminal():
    import click

    text = click.unstyle(record_text(Record("\x1b[2J\u202e\x07", tags={"\x9b": 1})))
    assert text.isprintable()
