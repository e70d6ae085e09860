"""The status of an engine as people read it: a heading for each pipeline, and a row for each of its members."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

import click

from wardian.cli.diagnostics import shown
from wardian.quantity import format_duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wardian.engine.status import EngineStatus, MemberStatus, PipelineStatus

_COLOURS: Final = {
    "running": "green", "done": "green", "failed": "red", "deactivated": "red", "waiting": "yellow",
    "draining": "yellow", "starting": "yellow", "scheduled": "blue",
}  # fmt: skip
HEAD: Final = (
    "member", "kind", "version", "in", "out", "/s", "failed", "retried", "dropped", "dead", "restarts", "p50", "p99",
    "memory",
)  # fmt: skip
_WORDS: Final = 3  # the first columns are words, to the left; the others are numbers, to the right


def lines(status: EngineStatus) -> Iterator[str]:
    """All of it; each line is printable."""
    yield (
        f"wardian {shown(status.version)}, process {status.pid}, up {_ago(status.at - status.started_at)}, "
        f"{shown(status.file)}"
    )
    if status.reload_error:
        yield f"{click.style('the changed configuration was not taken:', fg='red')} {shown(status.reload_error)}"
    if status.logs_dropped:
        yield f"{status.logs_dropped:,} log lines were left out"
    if not status.pipelines:
        yield "there are no pipelines"
    rows = {pipeline.name: [_row(each) for each in pipeline.members] for pipeline in status.pipelines}
    widths = [max(map(len, column)) for column in zip(HEAD, *chain(*rows.values()), strict=True)]
    for pipeline in status.pipelines:
        yield ""
        yield from _heading(pipeline, status.at)
        if pipeline.members:
            yield click.style(_aligned(HEAD, widths), dim=True)
        for member, row in zip(pipeline.members, rows[pipeline.name], strict=True):
            yield _aligned(row, widths)
            if member.counts.last_error:
                ago = _ago(status.at - member.counts.last_error_at)
                yield f"    {click.style(f'last error, {ago} ago:', fg='red')} {shown(member.counts.last_error)}"


def _heading(pipeline: PipelineStatus, now: float) -> Iterator[str]:
    state = click.style(shown(pipeline.state), fg=_COLOURS.get(pipeline.state))
    waits = (
        f"{pipeline.queue_records:,} of {pipeline.queue_most_records:,} records wait, "
        f"{_size(pipeline.queue_bytes)} of {_size(pipeline.queue_most_bytes)}"
    )
    next_run = "" if pipeline.next_run is None else f"  next run in {_ago(pipeline.next_run - now)}"
    yield f"{click.style(shown(pipeline.name), bold=True)}  {state}  {shown(pipeline.delivery)}  {waits}{next_run}"
    if pipeline.error:
        yield f"  {click.style(f'{shown(pipeline.error_code)}:', fg='red')} {shown(pipeline.error)}"


def _row(member: MemberStatus) -> tuple[str, ...]:
    counts = member.counts
    return (
        shown(member.name), shown(member.kind or member.role),
        shown(member.running.version or member.running.digest[:12] or "-"),
        "-" if member.role == "source" else f"{counts.records_in:,}", f"{counts.records_out:,}", f"{member.rate:,.1f}",
        *(f"{each:,}" for each in (counts.failed, counts.retried, counts.dropped, counts.dead, counts.restarts)),
        _quantile(counts.latency.quantile(0.5)), _quantile(counts.latency.quantile(0.99)),
        _size(counts.memory) if counts.memory else "-",
    )  # fmt: skip


def _aligned(cells: tuple[str, ...], widths: list[int]) -> str:
    padded = (
        cell.ljust(width) if index < _WORDS else cell.rjust(width)
        for index, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return f"  {'  '.join(padded)}".rstrip()


def _quantile(bound: float | None) -> str:
    if bound is None:
        return "-"
    return "longer" if bound == float("inf") else format_duration(bound)


def _size(size: int) -> str:
    """So many bytes with at most one decimal, such as `1.5MiB`."""
    amount, unit = float(size), "B"
    for larger in ("KiB", "MiB", "GiB", "TiB"):
        if amount < 1024:
            break
        amount, unit = amount / 1024, larger
    return f"{amount:.1f}".removesuffix(".0") + unit


def _ago(seconds: float) -> str:
    """How long that is, in its largest two units."""
    left = max(int(seconds), 0)
    days, hours, minutes = left // 86_400, left // 3_600 % 24, left // 60 % 60
    if days:
        return f"{days}d{hours}h"
    if hours:
        return f"{hours}h{minutes}m"
    return f"{minutes}m{left % 60}s" if minutes else f"{left}s"
