"""What `wardian up` says of its pipelines at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wardian.engine.status import EngineStatus, PipelineStatus


def summary(status: EngineStatus) -> list[str]:
    """A line for each pipeline, such as `words: done: 12 records in, 3 out, 1 dead`."""
    return [_line(each) for each in status.pipelines]


def _line(pipeline: PipelineStatus) -> str:
    members = pipeline.members
    came = sum(each.counts.records_out for each in members if each.role == "source")
    went = sum(each.counts.records_out for each in members if each.role == "sink")
    more = {
        "dropped": sum(each.counts.dropped for each in members),
        "dead": sum(each.counts.dead for each in members),
        "waiting": pipeline.queue_records,
    }
    told = [_records(came, "in"), f"{went:,} out", *(f"{count:,} {name}" for name, count in more.items() if count)]
    return f"{pipeline.name}: {pipeline.state}: {_joined(told)}"


def _records(count: int, what: str) -> str:
    return f"{count:,} record{'' if count == 1 else 's'} {what}"


def _joined(told: Iterable[str]) -> str:
    return ", ".join(told)
