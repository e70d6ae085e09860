"""`wardian.cli.log_lines`: one printable line for each."""

import click
import pytest

from wardian.capabilities.log import LEVELS as HOST_LEVELS
from wardian.capabilities.log import LogLine
from wardian.cli.log_lines import LEVELS, LogPrinter, log_text


def test_the_levels_are_the_hosts():
    assert LEVELS == HOST_LEVELS


def test_a_line_has_level_plugin_message_and_fields():
    line = LogLine("count", "default", "warn", "too many", {"n": 3, "who": "ada", "note": 'a "b"', "raw": b"\1"})
    assert click.unstyle(log_text(line)) == ('warn   count  too many n=3 who=ada note="a \\"b\\"" raw="h\'01\'"')


def test_fields_cannot_bring_control_characters_or_no_end():
    line = LogLine("p", "default", "info", "m", {"\x1b[2J": "\x1b]0;x\x07", "long": "x" * 10_000})
    shown = click.unstyle(log_text(line))
    assert shown.isprintable()
    assert len(shown) < 500


@pytest.mark.parametrize(("least", "shown"), [("trace", 5), ("warn", 2), ("error", 1), (None, 0)])
def test_lines_below_the_level_are_not_printed(least, shown, capsys):
    printer = LogPrinter(least)
    for level in LEVELS:
        printer(LogLine("p", "default", level, "m"))
    assert len(capsys.readouterr().err.splitlines()) == shown
