"""`Pipeline`: which sources go through which steps into which sinks, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from wardian.config import names
from wardian.config.failing import ERRORS, RESTART, Errors, Restart
from wardian.config.flow import BATCH, QUEUE, Batch, Queue
from wardian.config.lane import Lane, LaneShape
from wardian.config.schedule import SCHEDULE, Schedule
from wardian.document.measures import SPAN
from wardian.document.shapes import Duration, Flag, ListOf, Text
from wardian.document.structs import Place, Struct, key, place

DELIVERIES: Final = ("at_least_once", "at_most_once")
STATES: Final = ("write_through", "checkpoint", "memory")
_SOURCES: Final = ListOf(names.NAME, least=1, unique=True)
_LANES: Final = ListOf(LaneShape())
_SINKS: Final = ListOf(LaneShape(), least=1)


@dataclass(frozen=True, kw_only=True)
class Pipeline:
    """Sources, steps and sinks by their names; steps in the order of the list. Durations are seconds."""

    sources: tuple[str, ...] = key(_SOURCES, "Where records come from, by the names in `sources`.")
    steps: tuple[Lane, ...] = key(_LANES, "What they go through, in this order: a name in `steps`, or a map with it "
        "and the output whose records it takes.", default=())  # fmt: skip
    sinks: tuple[Lane, ...] = key(_SINKS, "Where they go: a name in `sinks`, or a map with it and the output whose "
        "records it takes.")  # fmt: skip
    delivery: str = key(Text(names=DELIVERIES), "Whether a record is kept on disk until each sink took it, or in "
        "memory alone.", default="at_least_once")  # fmt: skip
    distribute: str = key(Text(names=("broadcast", "round_robin")), "Whether each sink of an output gets all of its "
        "records, or they take turns.", default="broadcast")  # fmt: skip
    batch: Batch = key(BATCH, "How many records go through the steps together.", factory=Batch)
    queue: Queue = key(QUEUE, "How many records may wait for the first step.", factory=Queue)
    on_error: Errors = key(ERRORS, "What becomes of a record that fails.", factory=Errors)
    restart: Restart = key(RESTART, "What becomes of a plugin that fails.", factory=Restart)
    schedule: Schedule | None = key(SCHEDULE, "When it runs; all the time by default.", default=None)
    state: str = key(Text(names=STATES), "When what its plugins keep in `state` is written to disk: after each batch, "
        "each `interval`, or never.", default="write_through")  # fmt: skip
    interval: float = key(SPAN, "How long from one checkpoint to the next.", default=10.0)
    sync: bool = key(Flag(), "Whether what is written is on the disk itself before it counts, and outlives a power "
        "failure; otherwise it outlives the process.", default=False)  # fmt: skip
    grace: float = key(Duration(), "How long it may take to stop before it is ended.", default=30.0)
    description: str = key(Text(), "What it is for.", default="")
    enabled: bool = key(Flag(), "Whether it runs.", default=True)
    at: Place = place()


PIPELINE: Final = Struct(Pipeline, "A pipeline: from sources through steps into sinks.")
