"""The report of a check as a person reads it: a line for each promise, more for those that are broken."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click

from wardian.cli import terminal
from wardian.cli.diagnostics import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wardian.conformance.report import Chapter, Report, Result

_MARKS: Final = {"passed": "ok", "failed": "BROKEN", "undecided": "?", "not_applicable": "-"}
_STYLES: Final = {"passed": "green", "failed": "bold red", "undecided": "yellow", "not_applicable": "dim"}
_COUNTED: Final = {"passed": "hold", "failed": "broken", "undecided": "not seen", "not_applicable": "not applicable"}


def show(report: Report) -> None:
    """Print the report on standard output."""
    from rich.table import Table  # noqa: PLC0415 - only where a person looks
    from rich.text import Text  # noqa: PLC0415

    terminal.give(f"{click.style(shown(report.where), bold=True)}  sha256 {report.digest[:16]}…")
    needs = ", ".join(map(shown, report.capabilities)) or "nothing"
    terminal.give(f"needs {needs}; all of it stands in for the world while it is checked")
    for at, chapter in enumerate(report.chapters):
        name = title(chapter) if at else "the module"
        terminal.give(f"\n{click.style(name, bold=True, underline=True)}")
        if chapter.results:
            table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
            table.add_column(no_wrap=True)
            table.add_column(no_wrap=True)
            table.add_column(overflow="fold")
            for mark, name, text, style in rows(chapter):
                table.add_row(Text(mark, style), Text(name, "bold" if mark else "dim"), Text(text))
            terminal.show(table, sys.stdout)
        for line in limits(chapter):
            terminal.give(line)
    terminal.give(f"\n{summary(report)}")


def broken(report: Report) -> Iterator[str]:
    """The lines of the promises that are broken or could not be seen, without a table around them."""
    for chapter in report.chapters:
        for mark, name, text, _ in rows(chapter):
            if name.startswith(" ") or mark in (_MARKS["failed"], _MARKS["undecided"]):
                yield f"{mark:<6}  {name}  {text}"


def title(chapter: Chapter) -> str:
    """What a chapter about a symbol is about."""
    return shown(f"{chapter.kind} {chapter.name}".strip()) or "entry points of its own"


def rows(chapter: Chapter) -> Iterator[tuple[str, str, str, str]]:
    """The lines of a chapter: a mark, the promise's id, its text, and the style of the mark; all texts printable."""
    for result in chapter.results:
        outcome, note = result.verdict.outcome, result.verdict.note
        text = f"{result.promise.text}  ({note})" if note else result.promise.text
        yield _MARKS[outcome], result.promise.id, shown(text), _STYLES[outcome]
        if outcome == "failed":
            yield from (("", name, shown(text), "") for name, text in _details(result) if text)


def limits(chapter: Chapter) -> Iterator[str]:
    """The smallest limits, ready for `plugin.yaml`, or why there are none."""
    if chapter.limits is None:
        if chapter.limits_note:
            yield f"no smallest limits: {shown(chapter.limits_note)}"
        return
    yield "\n# the smallest with which it does its work; the deadline is of this machine, with a margin"
    yield "limits:"
    yield from (f"  {name}: {value}" for name, value in chapter.limits.written().items())


def summary(report: Report) -> str:
    """How many promises hold and how many do not, in one line."""
    counts = report.counts()
    told = ", ".join(f"{count} {_COUNTED[name]}" for name, count in counts.items() if count or name == "failed")
    colour = "red" if counts["failed"] else "yellow" if counts["undecided"] else "green"
    return click.style(f"{told}; {report.seconds:.1f} s", fg=colour, bold=True)


def _details(result: Result) -> Iterator[tuple[str, str]]:
    verdict = result.verdict
    yield "  expected", verdict.expected
    yield "  seen", verdict.seen
    yield "  asked", verdict.request
    yield "  why", result.promise.why
    yield "  hint", result.promise.hint
