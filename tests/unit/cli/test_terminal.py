"""`wardian.cli.terminal`: colours only where a person looks."""

import fcntl
import io
import os
import sys

import pytest

from wardian.cli.terminal import coloured, give, heard, say, show


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("environment", "colours"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_colours_are_for_terminals_whose_person_wants_them(environment, colours, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert coloured(Terminal()) == colours
    assert not coloured(io.StringIO())


def test_data_goes_to_standard_output_and_the_rest_to_standard_error(capsys):
    give("data")
    say("\x1b[31mred\x1b[0m")
    assert capsys.readouterr() == ("data\n", "red\n")


def test_a_full_pipe_that_nobody_reads_is_told(monkeypatch):
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as read, os.fdopen(writer, "w") as written:
        monkeypatch.setattr(sys, "stderr", written)
        assert heard(0)
        os.write(writer, bytes(fcntl.fcntl(writer, fcntl.F_GETPIPE_SZ)))
        assert not heard(0.01)
        read.read(65_536)
        assert heard(0)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert heard(0)


def test_bytes_are_written_as_they_are(capfdbinary):
    give(b"\x80\n\r")
    assert capfdbinary.readouterr().out == b"\x80\n\r"


def test_tables_have_no_spaces_at_the_ends_of_their_lines():
    from rich.table import Table

    table = Table(box=None)
    table.add_column("a")
    table.add_column("b")
    table.add_row("x" * 20, "y")
    stream = io.StringIO()
    show(table, stream)
    assert all(line == line.rstrip() for line in stream.getvalue().splitlines())


def test_a_stream_that_is_gone_does_not_hide_why_the_command_ends(monkeypatch):
    class Gone(io.StringIO):
        def write(self, _text):
            raise BrokenPipeError

    monkeypatch.setattr("sys.stderr", Gone())
    say("why")
