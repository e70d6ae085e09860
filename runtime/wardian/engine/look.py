"""A look at a pipeline that runs: what becomes its part of the engine's status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from wardian.engine.status import MemberStatus, PipelineStatus, Running
from wardian.pipeline.counters import Counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from wardian.errors import WardianError
    from wardian.pipeline.counters import Counters
    from wardian.pipeline.plan import Plan


class Looked(Protocol):
    """What is looked at of a pipeline."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def plan(self) -> Plan:
        """Its members and rules."""

    @property
    def state(self) -> str:
        """Such as `running`."""

    @property
    def error(self) -> WardianError | None:
        """Why it failed."""

    @property
    def counters(self) -> Mapping[str, Counters]:
        """What each member did, by its name."""

    def backlog(self) -> tuple[int, int]:
        """Records that wait, and their bytes."""


def pipeline_status(
    run: Looked,
    running: Mapping[str, Running],
    rates: Mapping[tuple[str, str], float],
    next_run: float | None = None,
) -> PipelineStatus:
    """What one pipeline does.

    Args:
        run: the pipeline.
        running: the versions that run, by the names of members.
        rates: records a second, by the names of the pipeline and the member; see `Rates`.
        next_run: when its schedule starts it, in seconds since 1970.
    """
    records, size = run.backlog()
    error, queue = run.error, run.plan.rules.queue
    return PipelineStatus(
        name=run.name, state=run.state, delivery=run.plan.rules.delivery,
        error="" if error is None else str(error), error_code="" if error is None else error.code,
        queue_records=records, queue_bytes=size, queue_most_records=queue.count, queue_most_bytes=queue.bytes,
        next_run=next_run,
        members=tuple(
            MemberStatus(
                name=each.name, role=each.role, kind=each.kind, use=each.use_name,
                plugin=each.plugin or each.type or "", running=running.get(each.name, Running()),
                rate=rates.get((run.name, each.name), 0.0), counts=_counts(run, each.name),
            )
            for each in run.plan.members
        ),
    )  # fmt: skip


def totals(runs: Iterable[Looked]) -> dict[tuple[str, str], int]:
    """How many records each source gave, and each other member was given, as `Rates` takes it."""
    counted = {}
    for run in runs:
        for each in run.plan.members:
            if (counters := run.counters.get(each.name)) is not None:
                count = counters.records_out if each.role == "source" else counters.records_in
                counted[run.name, each.name] = count
    return counted


def _counts(run: Looked, name: str) -> Counts:
    counters = run.counters.get(name)
    return Counts() if counters is None else counters.snapshot()
