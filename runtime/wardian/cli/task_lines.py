"""What happens while a task runs, as a person reads it: a line for each event that matters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from wardian.cli.diagnostics import shown
from wardian.cli.log_lines import LogPrinter, log_text
from wardian.quantity import format_duration
from wardian.tasks.events import JobDone, JobStarted, Logged, TaskDone, TaskStarted, Warned

if TYPE_CHECKING:
    from collections.abc import Callable

    from wardian.tasks.events import Event

_INDENT: Final = "  "


class TaskPrinter:
    """Prints the events of a run; a function of one event.

    Args:
        say: prints a line.
        least: the least level of log lines that is printed.
    """

    def __init__(self, say: Callable[[str], object], least: str) -> None:
        self._say, self._logs = say, LogPrinter(least)

    def __call__(self, event: Event) -> None:
        """Print the event, if it is to be seen."""
        text = self._text(event)
        if text is not None:
            self._say(text)

    def _text(self, event: Event) -> str | None:
        indent = _INDENT * event.level
        if isinstance(event, TaskStarted):
            return f"{indent}Running task {click.style(event.task, bold=True)}"
        if isinstance(event, JobStarted):
            said = f": {shown(event.description)}" if event.description else ""
            return f"{indent}- {event.job}{said}"
        if isinstance(event, Logged):
            return f"{indent}{_INDENT}{log_text(event.line)}" if self._logs.prints(event.line) else None
        if isinstance(event, Warned):
            about = f": {event.job}" if event.job else ""
            return f"{indent}{click.style('warning:', fg='yellow', bold=True)} {shown(event.text)}{about}"
        if isinstance(event, JobDone):
            return f"{indent}- {event.result.job}: skipped" if event.result.status == "skipped" else None
        return self._done(event) if event.level == 0 else None

    def _done(self, event: TaskDone) -> str | None:
        if event.result.status != "succeeded":
            return None  # the error says it
        took = format_duration(round(event.result.seconds, 3))
        return f"{click.style('success:', fg='green', bold=True)} task {event.result.task} succeeded in {took}"
