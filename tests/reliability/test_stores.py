"""Disks that are full, files that are locked and damaged; cases 5, 6 and 7. Logs alone: `test_log_faults.py`."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from functools import partial

import pytest

from reliability.conftest import eventually
from support.flows import Capture
from support.programs import run
from wardian.errors import StateError


class TestFull:
    def test_case_5_a_full_disk_pauses_the_source_until_there_is_space_and_nothing_is_lost_or_repeated(self, life):
        capture = Capture()
        capture.hold.clear()
        small = {"max_bytes": 400_000, "queue_count": 10**6}
        flow = life(
            count=200_000, per_poll=2_000, captures={"out": capture}, journal=small, batch="count: 1000, linger: 0"
        )
        flow.run.start()
        eventually(lambda: "full" in flow.run.counters["numbers"].last_error, "a full disk")
        waits, _ = flow.run.backlog()
        time.sleep(0.5)
        assert flow.run.backlog()[0] <= waits + 2_000
        assert flow.log.cursor == 0
        capture.hold.set()
        assert flow.run.wait(60)
        assert flow.run.state == "done"
        assert capture.data() == list(range(200_000))

    def test_case_5_a_commit_that_finds_no_space_is_tried_again_and_delivers_nothing_twice(self, life):
        values = [{"data": "a", "key": f"{at:03}" + "k" * 400} for at in range(300)]
        flow = life(values=values, mark="counts: 1", journal={"max_bytes": 2 * 10**6}, batch="count: 50, linger: 0")
        limit(flow, 60)  # pages: the file may not grow any more
        flow.run.start()
        eventually(lambda: flow.run.state == "waiting" and flow.run.why == "the store fails", "a store that fails")
        assert flow.run.error.code == "state_full"
        taken, cursor = len(flow.captures["out"].values), flow.log.cursor
        assert cursor == taken - 50
        time.sleep(0.3)
        assert (len(flow.captures["out"].values), flow.log.cursor) == (taken, cursor)
        limit(flow, 10_000)
        assert flow.run.wait(60)
        assert [total for _, total in flow.captures["out"].data()] == [1] * 300
        assert (flow.run.state, flow.run.error) == ("done", None)

    def test_case_5_a_sink_whose_disk_is_full_is_waited_for_and_no_line_is_torn(self):
        assert run(OUTPUT, seconds=60).splitlines()[-1] == "done, waited, 2000 lines, in order"


def limit(flow, pages):
    """Let the file of a log have so many pages."""
    for connection in flow.log._database._idle:
        connection.execute(f"PRAGMA max_page_count = {pages}")


# The output and not the log: files of this process may have so many bytes, and the log has less.
OUTPUT = """
import json, os, resource, signal, tempfile, threading, time
from pathlib import Path
from reliability.conftest import eventually, filled
from support.flows import Flow
from wardian.transport.memory import MemoryLog

with tempfile.TemporaryDirectory() as folder:
    out = Path(folder) / "out.jsonl"
    text = filled(count=2_000, per_poll=50, batch="count: 50, linger: 0",
                  on_error="attempts: 1000, delay: 20ms, most: 200ms")
    text = text.replace("out: {plugin: flow}", "out: {type: file, config: {path: %s}}" % out)
    flow = Flow(Path(folder) / "cache", text, Path(folder) / "run", log=MemoryLog(
        pipeline="p", queue_count=10_000, queue_bytes=2**26))
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, resource.RLIM_INFINITY))
    flow.run.start()
    eventually(lambda: flow.run.counters["out"].retried > 100, "an output that cannot be written")
    size, backlog = out.stat().st_size, flow.run.backlog()[0]
    assert size <= 50_000 and backlog > 0
    assert out.read_bytes().endswith(b"\\n")
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert flow.run.wait(60)
    data = [json.loads(line)["data"] for line in out.read_text().splitlines()]
    assert data == list(range(2_000)), data
    assert flow.log.dead == []
    print(f"{flow.run.state}, waited, {len(data)} lines, in order")
    flow.close()
"""


class TestDamaged:
    def test_case_6_what_is_damaged_within_stops_its_pipeline_alone_and_is_left_as_it_is(self, life, tmp_path):
        life(values=range(100)).run.end()
        path = tmp_path / ".wardian" / "pipelines" / "p.db"
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE chunk SET data = x'ff00'")
        flow = life(count=0).all()
        assert (flow.run.state, flow.run.error.code) == ("failed", "state_corrupt")
        assert str(path) in str(flow.run.error)
        assert flow.captures["out"].values == []
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("SELECT sum(count) FROM chunk").fetchall() == [(100,)]

    def test_case_6_damaged_windows_are_told_before_anything_runs(self, life, tmp_path):
        more = {"steps": "sum", "window": "count: 50, every: 1h", "count": -1, "per_poll": 0}
        flow = life(values=range(30), **more)
        flow.run.start()
        eventually(lambda: flow.log.cursor == 30, "a window that is kept")
        flow.run.end()
        path = tmp_path / ".wardian" / "pipelines" / "p.db"
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE window SET data = x'ff00'")
        flow = life(**more)
        with pytest.raises(StateError) as caught:
            flow.run.start()
        assert (caught.value.code, flow.run.state) == ("state_corrupt", "failed")
        assert flow.run.wait(0)


def test_case_7_a_file_that_another_program_holds_pauses_all_and_nothing_is_lost_or_repeated(life, tmp_path):
    flow = life(count=-1, per_poll=20, journal={"patience": 0.1, "queue_count": 500})
    flow.run.start()
    capture = flow.captures["out"]
    eventually(partial(has, capture, 200), "records")
    path = tmp_path / ".wardian" / "pipelines" / "p.db"
    numbers = flow.run.counters["numbers"]
    for _ in range(3):
        with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as other:
            other.execute("BEGIN IMMEDIATE")
            taken, since = len(capture.values), time.time()
            eventually(partial(waits, flow, numbers, since), "a lock that is told")
            time.sleep(0.5)
            assert len(capture.values) <= taken + 500  # what was read before
            assert flow.run.backlog()[0] <= 520
            other.execute("ROLLBACK")
        eventually(partial(has, capture, taken + 1_000), "records after the lock")
    assert flow.run.stop(20)
    assert capture.data() == list(range(len(capture.values)))


def waits(flow, numbers, since):
    """Whether the worker, or where that has nothing to do, the source waits for the lock."""
    return flow.run.state == "waiting" or (numbers.last_error_at >= since and "locked" in numbers.last_error)


def has(capture, count):
    return len(capture.values) >= count
