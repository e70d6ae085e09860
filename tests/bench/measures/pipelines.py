"""Records through a pipeline of guests: source, processor, sink."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING

import flow
from measure import Figures, Measure
from workbench import HERE

if TYPE_CHECKING:
    from workbench import Bench

RECORDS = {1: 2_000, 100: 30_000, 1_000: 60_000}  # so that each takes about a second
FEW, MANY = 10_000, 1_000_000
PLAIN = "functions of Python, cbor2"


def through(bench: Bench, batch: int, delivery: str) -> Figures:
    """Microseconds a record, in batches of so many, and those of plain functions."""
    count = max(batch, int(RECORDS[batch] * bench.effort.scale))
    folder = bench.pipeline
    ours, other = [], []
    for _ in range(bench.effort.processes):
        other.append(flow.plain(count, batch) / count * 1e6)
        ours.append(flow.guests(folder, bench.folder / "cache", count, batch, delivery) / count * 1e6)
    return Figures(tuple(ours), tuple(other))


def long_run(bench: Bench, figure: str, delivery: str) -> Figures:
    """What a long run comes to, beside a short one, in a process of its own: the cost of a record, or the memory."""
    many = max(FEW, int(MANY * bench.effort.scale))
    command = [
        sys.executable,
        HERE / "long_run.py",
        bench.pipeline,
        bench.folder / "cache",
        delivery,
        str(FEW),
        str(many),
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=bench.environment, cwd=HERE)
    found = json.loads(done.stdout)
    return Figures(tuple(found[figure]["many"]), tuple(found[figure]["few"]))


def _through(batch: int, delivery: str) -> Measure:
    said = delivery.replace("_", " ")
    return Measure(
        f"pipeline_{delivery}_{batch}", f"a record from source to sink, batches of {batch:,}, {said}", PLAIN,
        "µs", "times faster", partial(through, batch=batch, delivery=delivery),
    )  # fmt: skip


MEASURES = (
    *(_through(batch, delivery) for delivery in ("at_most_once", "at_least_once") for batch in RECORDS),
    Measure(
        "pipeline_flat", f"a record of {MANY:,} through a pipeline at least once", f"one of {FEW:,}", "µs",
        "times slower", partial(long_run, figure="cost", delivery="at_least_once"),
    ),
    Measure(
        "pipeline_memory", f"resident memory after {MANY:,} records", f"after {FEW:,}", "MiB", "more",
        partial(long_run, figure="memory", delivery="at_least_once"),
    ),
)  # fmt: skip
