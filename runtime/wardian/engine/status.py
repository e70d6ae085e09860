"""`EngineStatus`: what an engine does at one moment, as values and as plain data."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any, Final

from wardian.pipeline.counters import BOUNDS, Counts, Latency

MORE: Final = "more"  # the bucket, and the bound, of what is over all bounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """What really runs, which need not be what the configuration says by now.

    Attributes:
        version: that of the package, or an empty text.
        digest: SHA-256 of the module's bytes in hex, or an empty text for what the host makes itself.
    """

    version: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberStatus:
    """One source, step or sink of a pipeline.

    Attributes:
        name: its name in the pipeline.
        role: `source`, `step` or `sink`.
        kind: such as `processor` or `aggregator`.
        use: its name in the configuration.
        plugin: the name of its plugin there, or the type of what the host makes itself.
        running: the version that runs.
        rate: records a second, over the last seconds: those that a source gave, or that others were given.
        counts: all that it did.
    """

    name: str
    role: str
    kind: str = ""
    use: str = ""
    plugin: str = ""
    running: Running = Running()
    rate: float = 0.0
    counts: Counts = field(default_factory=Counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineStatus:
    """One pipeline.

    Attributes:
        name: its name in the configuration.
        state: such as `running` or `failed`.
        delivery: `at_least_once` or `at_most_once`.
        error: why it failed or was deactivated, or an empty text.
        error_code: the code of that error.
        queue_records: records that wait, or are under way.
        queue_bytes: their bytes, as they are encoded.
        queue_most_records: how many records may wait.
        queue_most_bytes: how many bytes.
        next_run: when it is started by its schedule, in seconds since 1970, or None.
        members: sources, steps and sinks, in the order of the configuration.
    """

    name: str
    state: str
    delivery: str = ""
    error: str = ""
    error_code: str = ""
    queue_records: int = 0
    queue_bytes: int = 0
    queue_most_records: int = 0
    queue_most_bytes: int = 0
    next_run: float | None = None
    members: tuple[MemberStatus, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineStatus:
    """An engine with its pipelines; times are seconds since 1970.

    Attributes:
        version: that of wardian.
        pid: its process.
        file: the configuration.
        at: when this was so.
        started_at: when the engine began.
        reload_error: why the last change of the configuration was not taken, or an empty text.
        logs_dropped: log lines that nobody took and that are gone.
        pipelines: those of the configuration, in its order.
    """

    version: str = ""
    pid: int = 0
    file: str = ""
    at: float = 0.0
    started_at: float = 0.0
    reload_error: str = ""
    logs_dropped: int = 0
    pipelines: tuple[PipelineStatus, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """All of it as plain data; a latency has its buckets by their bounds in seconds, and some quantiles."""
        plain = dataclasses.asdict(self)
        for pipeline, told in zip(self.pipelines, plain["pipelines"], strict=True):
            for member, each in zip(pipeline.members, told["members"], strict=True):
                each["counts"]["latency"] = _latency(member.counts.latency)
        return plain


def _latency(latency: Latency) -> dict[str, object]:
    buckets = {str(bound): count for bound, count in zip((*BOUNDS, MORE), latency.buckets, strict=True) if count}
    quantiles = {f"p{part}": _finite(latency.quantile(part / 100)) for part in (50, 95, 99)}
    return {"count": latency.count, "sum": latency.sum, **quantiles, "buckets": buckets}


def _finite(bound: float | None) -> float | str | None:
    return MORE if bound == float("inf") else bound
