"""Dead letters as people read them, and as plain data."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from wardian.cli import json_text
from wardian.cli.diagnostics import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from wardian.transport.contract import DeadLetter

_HEAD = ("letter", "member", "error", "attempts", "given up", "message")


def listed(letters: Sequence[DeadLetter], counts: Mapping[str, tuple[int, int]]) -> Iterator[str]:
    """A row for each letter, and how many there are in all; each line is printable."""
    rows = [_row(each) for each in letters]
    if rows:
        widths = [max(map(len, column)) for column in zip(_HEAD[:-1], *(row[:-1] for row in rows), strict=True)]
        yield click.style(_aligned(_HEAD, widths), dim=True)
        yield from (_aligned(row, widths) for row in rows)
    total = sum(count for count, _ in counts.values())
    if not total:
        yield "there are no dead letters"
    elif total != len(rows):
        yield f"{len(rows):,} of {total:,} dead letters"


def whole(letter: DeadLetter) -> Iterator[str]:
    """All of a letter; each line is printable."""
    yield click.style(f"{letter.pipeline}/{letter.id}", bold=True)
    plugin = f"{letter.plugin} {letter.digest}".strip()
    for name, value in (
        ("failed in", letter.member), ("of plugin", plugin), ("given up", _moment(letter)),
        ("after", f"{letter.attempts} {'attempt' if letter.attempts == 1 else 'attempts'}"),
        ("came from", letter.source), ("key", letter.key), ("error", _error(letter)), ("message", letter.message),
        ("details", "" if letter.details is None else json_text.write(letter.details)),
    ):  # fmt: skip
        if value:
            yield f"  {name:<9}  {shown(value)}"
    for line in letter.trace.splitlines():
        yield f"    in {shown(line)}"
    yield "  record"
    yield from (f"    {line}" for line in json_text.write(letter.value, indent=2).splitlines())


def as_dict(letter: DeadLetter) -> dict[str, Any]:
    """A letter as plain data, with the name by which it is called."""
    fields = {each.name: getattr(letter, each.name) for each in dataclasses.fields(letter)}
    return {"letter": f"{letter.pipeline}/{letter.id}"} | fields


def _row(letter: DeadLetter) -> tuple[str, ...]:
    name, attempts = f"{letter.pipeline}/{letter.id}", str(letter.attempts)
    return tuple(map(shown, (name, letter.member, _error(letter), attempts, _moment(letter), letter.message)))


def _error(letter: DeadLetter) -> str:
    return " ".join(dict.fromkeys(word for word in (letter.kind, letter.code) if word))


def _moment(letter: DeadLetter) -> str:
    try:
        moment = datetime.fromtimestamp(letter.at_ms / 1000, UTC)
    except (OverflowError, ValueError, OSError):  # no clock says so, but a file may
        return f"{letter.at_ms} ms"
    return moment.isoformat(" ", "seconds").removesuffix("+00:00") + "Z"


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    first = (cell.ljust(width) for cell, width in zip(cells, widths, strict=False))
    return "  ".join((*first, cells[-1])).rstrip()
