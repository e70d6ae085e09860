"""Sinks that are slow, and sinks that hang; case 16."""

from __future__ import annotations

import gc
import threading
import time
from pathlib import Path

import pytest

from reliability.conftest import eventually
from support.flows import Capture

HANGING = """
version: 1
plugins: {{flow: {{source: ./flow.wasm, grants: {{state: true}}, limits: {{deadline: 100ms}}}}}}
sources: {{numbers: {{plugin: flow, config: {{count: {count}, per_poll: {per_poll}}}}}}}
sinks: {{out: {{plugin: flow, config: {{loop_on: 7}}}}, more: {{plugin: flow}}}}
pipelines:
  p: {{sources: [numbers], sinks: [out, more], on_error: {{{on_error}}}, batch: {{{batch}}}, {rules}}}
"""


def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


class Slow(Capture):
    """Takes a record a millisecond, and keeps only how many there were."""

    def __init__(self):
        super().__init__()
        self.count = 0

    def write_values(self, values):
        time.sleep(len(values) / 1_000)
        assert [each["data"] for each in values] == list(range(self.count, self.count + len(values)))
        self.count += len(values)
        return [None] * len(values)


@pytest.mark.parametrize("delivery", ["at_least_once", "at_most_once"])
def test_case_16_a_slow_sink_slows_its_source_down_and_memory_is_bounded(life, delivery):
    slow = Slow()
    rules = f"delivery: {delivery}, queue: {{count: 2000}}"
    flow = life(count=-1, per_poll=500, captures={"out": slow}, rules=rules, journal={"queue_count": 2_000})
    flow.run.start()
    eventually(lambda: flow.run.backlog()[0] >= 2_000, "a full queue")
    gc.collect()
    before, most = resident(), 0
    until = time.monotonic() + 3
    while time.monotonic() < until:
        most = max(most, flow.run.backlog()[0])
        time.sleep(0.01)
    gc.collect()
    assert most <= 2_500  # and one poll
    assert resident() - before < 8 * 2**20
    numbers = flow.run.counters["numbers"].snapshot()
    assert numbers.records_out <= slow.count + 2_500 + 200  # what is in hand as well
    assert slow.count > 1_000
    assert flow.run.stop(30)


def test_case_16_the_queue_is_bounded_by_bytes_as_well(life):
    capture = Capture()
    capture.hold.clear()
    flow = life(count=-1, per_poll=100, captures={"out": capture}, journal={"queue_bytes": 20_000})
    flow.run.start()
    eventually(lambda: flow.log.room() == 0, "a full queue")
    time.sleep(0.2)
    assert 20_000 <= flow.run.backlog()[1] <= 25_000
    capture.hold.set()
    assert flow.run.stop(20)
    assert capture.data() == list(range(len(capture.values)))


def test_case_16_a_sink_that_hangs_is_ended_tried_again_and_given_up_and_leaves_no_thread(life):
    before = threading.active_count()
    flow = life(text=HANGING, count=20, per_poll=5, captures={"more": Capture()}, on_error="delay: 10ms, attempts: 4")
    flow.all()
    assert flow.run.state == "done"
    counts = flow.run.counters["out"].snapshot()
    assert (counts.records_out, counts.retried, counts.dead) == (19, 3, 1)
    assert flow.captures["more"].data() == list(range(20))
    flow.close()
    eventually(lambda: threading.active_count() <= before, "the end of all threads", 10)


def test_case_16_a_source_that_is_faster_than_all_else_for_a_while_is_read_to_its_end(life):
    rules = {"rules": "queue: {count: 300}", "journal": {"queue_count": 300}, "batch": "count: 50, linger: 0"}
    flow = life(count=5_000, per_poll=1_000, mark="twice: 1", **rules).all()
    assert flow.captures["out"].data() == [number for number in range(5_000) for _ in range(2)]
