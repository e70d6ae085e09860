"""An engine's status with something in each place, and a pipeline as it is looked at."""

from __future__ import annotations

from wardian.config.flow import Queue
from wardian.config.lane import Lane
from wardian.config.pipeline import Pipeline
from wardian.config.use import Use
from wardian.engine.status import EngineStatus, MemberStatus, PipelineStatus, Running
from wardian.pipeline.counters import Counters
from wardian.pipeline.plan import Member, Plan


def counters(*, records=0, error="", **more):
    """Counters of a member that took and gave so many records in calls of a millisecond."""
    made = Counters()
    made.records_in = made.records_out = made.calls = records
    for _ in range(records):
        made.latency.observe(0.001)
    for name, value in more.items():
        setattr(made, name, value)
    if error:
        made.note(ValueError(error))
    return made


def status(**more):
    """An engine with a pipeline that runs and one that failed."""
    troubled = counters(
        records=33, failed=3, dropped=1, retried=2, dead=1, bytes_in=900, bytes_out=400, restarts=2, memory=131_072,
        error="[invalid] no\x1b[31m word",
    )  # fmt: skip
    words = PipelineStatus(
        name="words", state="running", delivery="at_least_once", queue_records=7, queue_bytes=2_048,
        queue_most_records=10_000, queue_most_bytes=2**26, members=(
            MemberStatus(name="lines", role="source", kind="source", use="lines", plugin="file", rate=120.5,
                         counts=counters(records=40).snapshot()),
            MemberStatus(name="count", role="step", kind="aggregator", use="count", plugin="counter", rate=118.0,
                         running=Running(version="1.2.0", digest="ab" * 32), counts=troubled.snapshot()),
            MemberStatus(name="out", role="sink", kind="sink", use="out", plugin="stdout",
                         counts=counters(records=30).snapshot()),
        ),
    )  # fmt: skip
    broken = PipelineStatus(
        name="broken", state="failed", delivery="at_most_once", error="it cannot be read", error_code="state_corrupt",
        next_run=1_800_000_000.0,
    )  # fmt: skip
    given = {"version": "0.1.0", "pid": 42, "file": "wardian.yaml", "at": 1_000_060.0, "started_at": 1_000_000.0}
    return EngineStatus(**given | {"pipelines": (words, broken), "logs_dropped": 4} | more)


class Looked:
    """A pipeline of a source and a sink, as the engine looks at it."""

    def __init__(self, name="p"):
        self.name, self.state, self.error = name, "running", None
        uses = [("source", "in", Use(type="file")), ("sink", "out", Use(plugin="store"))]
        members = tuple(
            Member(role=role, name=each, use_name=each, use=use, kind=role, plugin=use.plugin, type=use.type)
            for role, each, use in uses
        )
        rules = Pipeline(sources=("in",), sinks=(Lane(name="out"),), queue=Queue(count=5, bytes=50))
        self.plan = Plan(name=name, rules=rules, members=members)
        self.counters = {"in": counters(records=3), "out": counters(records=2)}

    def backlog(self):
        """One record of ten bytes."""
        return 1, 10
