"""The pipeline that is measured, of guests, and the same of functions that decode and encode the same CBOR."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import cbor2

import wardian
from wardian.bindings.descriptions import Descriptions
from wardian.bindings.opener import Opener
from wardian.config.loading import load
from wardian.config.secrets import Secrets
from wardian.pipeline.plan import plan
from wardian.pipeline.run import Run
from wardian.transport.journal import Journal
from wardian.transport.memory import MemoryLog

if TYPE_CHECKING:
    from pathlib import Path

_TEXT = """
version: 1
plugins: {{measured: {{source: ./pipeline.wasm}}}}
sources: {{numbers: {{plugin: measured, config: {{count: {count}}}}}}}
steps: {{up: {{plugin: measured}}}}
sinks: {{none: {{plugin: measured}}}}
pipelines:
  p: {{sources: [numbers], steps: [up], sinks: [none], delivery: {delivery}, batch: {{count: {batch}, linger: 0}}}}
"""


def guests(folder: Path, cache: Path, count: int, batch: int, delivery: str) -> float:
    """Seconds that so many records take through the pipeline, in batches of so many."""
    file = folder / "wardian.yaml"
    file.write_text(_TEXT.format(count=count, delivery=delivery, batch=batch))
    project = load(file).project
    descriptions = Descriptions(project.plugins)
    (made,) = plan(project, descriptions)
    queue = {"pipeline": "p", "queue_count": made.rules.queue.count, "queue_bytes": made.rules.queue.bytes}
    journal = folder / "p.db"
    for each in folder.glob("p.db*"):
        each.unlink()
    log: Any = MemoryLog(**queue) if delivery == "at_most_once" else Journal(journal, sources=["numbers"], **queue)
    with wardian.Runtime(cache=cache, state=log.state) as runtime:
        opener = Opener(project, Secrets(), runtime, descriptions)
        run = Run(made, log, opener.open(made.name, made.members, offset=log.offset))
        began = time.perf_counter()
        run.start()
        run.wait()
        taken = time.perf_counter() - began
    counts = run.counters["none"].snapshot()
    assert (run.state, counts.records_out) == ("done", count), run.error
    return taken


def plain(count: int, batch: int) -> float:
    """Seconds of the same by functions that take the bytes of a request and give those of a reply."""
    state = {"next": 0}

    def source(request: bytes) -> bytes:
        first = state["next"]
        state["next"] = min(count, first + cbor2.loads(request)["demand"])
        records = [
            {
                "type": "log",
                "data": {"number": at, "host": "web-17.example.org", "line": "GET /index.html 200 in 17 ms"},
            }
            for at in range(first, state["next"])
        ]
        return cbor2.dumps({"records": records, "offset": state["next"], "done": state["next"] >= count})

    def processor(request: bytes) -> bytes:
        made = []
        for record in cbor2.loads(request)["records"]:
            data = record["data"]
            made.append([{**record, "data": {**data, "number": data["number"] + 1}}])
        return cbor2.dumps(made)

    def sink(request: bytes) -> bytes:
        cbor2.loads(request)
        return cbor2.dumps(None)

    began = time.perf_counter()
    taken, done = 0, False
    while not done:
        polled = cbor2.loads(source(cbor2.dumps({"now": time.time_ns(), "demand": batch})))
        done = polled["done"]
        outcomes = cbor2.loads(processor(cbor2.dumps({"records": polled["records"]})))
        records = [record for outcome in outcomes for record in outcome]
        cbor2.loads(sink(cbor2.dumps({"records": records})))
        taken += len(records)
    assert taken == count
    return time.perf_counter() - began
