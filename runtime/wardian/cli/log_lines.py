"""A plugin's log lines as a person reads them, on standard error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from wardian.cli import terminal
from wardian.cli.json_text import write

if TYPE_CHECKING:
    from wardian.capabilities.log import LogLine

LEVELS: Final = ("trace", "debug", "info", "warn", "error")
_COLOURS: Final = {"trace": "bright_black", "debug": "blue", "info": "green", "warn": "yellow", "error": "red"}
_FIELD: Final = 200  # characters of one field's value


class LogPrinter:
    """Prints lines of the least level or above, or none at all.

    Args:
        least: one of `LEVELS`, or None for silence.
    """

    def __init__(self, least: str | None) -> None:
        self._least = len(LEVELS) if least is None else LEVELS.index(least)

    def __call__(self, line: LogLine) -> None:
        """Print the line, if it is to be seen."""
        if self.prints(line):
            terminal.say(log_text(line))

    def prints(self, line: LogLine) -> bool:
        """Whether the line is to be seen."""
        return LEVELS.index(line.level) >= self._least


def log_text(line: LogLine) -> str:
    """The line, such as `info   count_words  counted 3 words lines=1`; the message is printable already."""
    level = click.style(f"{line.level:<5}", fg=_COLOURS[line.level])
    fields = "".join(f" {click.style(f'{_word(key)}=', dim=True)}{_word(value)}" for key, value in line.fields.items())
    return f"{level}  {click.style(line.plugin, bold=True)}  {line.message}{fields}"


def _word(value: object) -> str:
    """A key or value without quotes where it needs none to be one word, printable and bounded."""
    if isinstance(value, str) and value.isprintable() and not set(value) & set(' "=') and value:
        text = value
    else:
        text = write(value)
    return text if len(text) <= _FIELD else f"{text[: _FIELD - 1]}…"
