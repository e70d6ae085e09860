"""The metrics of an engine: their names, what they mean, and their values out of a status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from wardian.engine.status import EngineStatus, MemberStatus, PipelineStatus

STATES: Final = ("scheduled", "starting", "running", "waiting", "draining", "done", "deactivated", "failed", "stopped")
_OF_MEMBER: Final = ("pipeline", "member", "role", "plugin")


class Metric(NamedTuple):
    """One metric.

    Attributes:
        name: its whole name, as it is scraped.
        type: `counter`, `gauge` or `histogram`.
        labels: the names of its labels.
        meaning: what it says.
    """

    name: str
    type: str
    labels: tuple[str, ...]
    meaning: str


class Sample(NamedTuple):
    """A value of a metric, or the status whose latency is one, with the values of its labels."""

    labels: tuple[str, ...]
    value: float


Of = tuple[Metric, "Callable[[EngineStatus], Iterator[Sample]]"]


def _member(
    name: str, type_: str, meaning: str, value: Callable[[MemberStatus], float], labels: tuple[str, ...] = _OF_MEMBER
) -> Of:
    return Metric(name, type_, labels, meaning), lambda status: (
        Sample(member_labels(pipeline, member), value(member))
        for pipeline in status.pipelines
        for member in pipeline.members
    )


def _pipeline(name: str, meaning: str, value: Callable[[PipelineStatus], float]) -> Of:
    return Metric(name, "gauge", ("pipeline",), meaning), lambda status: (
        Sample((pipeline.name,), value(pipeline)) for pipeline in status.pipelines
    )


def _engine(name: str, type_: str, meaning: str, value: Callable[[EngineStatus], float]) -> Of:
    return Metric(name, type_, (), meaning), lambda status: iter((Sample((), value(status)),))


def member_labels(pipeline: PipelineStatus, member: MemberStatus) -> tuple[str, ...]:
    """The values of the labels that each metric of a member has."""
    return pipeline.name, member.name, member.role, member.plugin


def _states(status: EngineStatus) -> Iterator[Sample]:
    for pipeline in status.pipelines:
        yield from (Sample((pipeline.name, state), float(pipeline.state == state)) for state in STATES)


def _running(status: EngineStatus) -> Iterator[Sample]:
    for pipeline in status.pipelines:
        for member in pipeline.members:
            running = (member.running.version, member.running.digest)
            yield Sample((*member_labels(pipeline, member), *running), 1.0)


def _next_runs(status: EngineStatus) -> Iterator[Sample]:
    for pipeline in status.pipelines:
        if pipeline.next_run is not None:
            yield Sample((pipeline.name,), pipeline.next_run)


LATENCY: Final = Metric("wardian_call_seconds", "histogram", _OF_MEMBER, "How long the calls of a plugin took.")
VALUES: Final[tuple[Of, ...]] = (
    _member("wardian_records_in_total", "counter", "Records that were given to a step or a sink.",
            lambda member: member.counts.records_in),
    _member("wardian_records_out_total", "counter", "Records that came of a source or a step, or that a sink took.",
            lambda member: member.counts.records_out),
    _member("wardian_records_failed_total", "counter", "Records that failed, once for each attempt.",
            lambda member: member.counts.failed),
    _member("wardian_records_retried_total", "counter", "Attempts after the first.",
            lambda member: member.counts.retried),
    _member("wardian_records_dropped_total", "counter", "Records that were given up and are kept nowhere.",
            lambda member: member.counts.dropped),
    _member("wardian_records_dead_total", "counter", "Records that were put into the dead-letter store.",
            lambda member: member.counts.dead),
    _member("wardian_bytes_in_total", "counter", "Bytes that were given to it, as they are encoded.",
            lambda member: member.counts.bytes_in),
    _member("wardian_bytes_out_total", "counter", "Bytes that came of it, as they are encoded.",
            lambda member: member.counts.bytes_out),
    _member("wardian_restarts_total", "counter", "Instances that took the place of a broken one.",
            lambda member: member.counts.restarts),
    _member("wardian_memory_bytes", "gauge", "Linear memory of its instances.", lambda member: member.counts.memory),
    (Metric("wardian_running_info", "gauge", (*_OF_MEMBER, "version", "digest"), "1, with the version that runs."),
     _running),
    (Metric("wardian_pipeline_state", "gauge", ("pipeline", "state"), "1 for the state that it is in, 0 for others."),
     _states),
    _pipeline("wardian_queue_records", "Records that wait, or are under way.", lambda each: each.queue_records),
    _pipeline("wardian_queue_bytes", "Their bytes, as they are encoded.", lambda each: each.queue_bytes),
    _pipeline("wardian_queue_records_limit", "How many records may wait.", lambda each: each.queue_most_records),
    _pipeline("wardian_queue_bytes_limit", "How many bytes may wait.", lambda each: each.queue_most_bytes),
    (Metric("wardian_next_run_timestamp_seconds", "gauge", ("pipeline",), "When its schedule starts it next."),
     _next_runs),
    _engine("wardian_start_timestamp_seconds", "gauge", "When the engine began.", lambda status: status.started_at),
    _engine("wardian_reload_failed", "gauge", "1 while the last change of the configuration was not taken.",
            lambda status: float(bool(status.reload_error))),
    _engine("wardian_log_lines_dropped_total", "counter", "Log lines that were left out.",
            lambda status: status.logs_dropped),
)  # fmt: skip
METRICS: Final = (LATENCY, *(metric for metric, _ in VALUES))
