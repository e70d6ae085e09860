"""Plugins that crash without an end, and logs that nobody reads."""

from __future__ import annotations

import os
import time

import pytest

import wardian
from support.flow_text import PLAIN, TEXT
from support.flows import Capture, Flow
from support.wat import wasm_of
from wardian.engine.log_rate import LogRate
from wardian.engine.logs import Logs

RULES = "delivery: at_most_once, queue: {count: 50}, restart: {threshold: 3, delay: 1s, most: 10s}"


@pytest.mark.parametrize("fault", ["dies: 1", "loop_on: 0"])
def test_case_15_a_crash_loop_takes_less_than_a_twentieth_of_a_core(cache, tmp_path, fault):
    more = {"mark": fault, "count": -1, "rules": RULES, "on_error": "attempts: 1000, delay: 0, most: 0"}
    made = Flow(cache, TEXT.format(**{**PLAIN, **more}), tmp_path, out=Capture())
    try:
        made.run.start()
        until = time.monotonic() + 60
        while made.run.state != "waiting" and time.monotonic() < until:
            time.sleep(0.01)
        began, spent = time.monotonic(), time.process_time()
        time.sleep(8)
        share = (time.process_time() - spent) / (time.monotonic() - began)
        assert made.run.counters["mark"].restarts >= 3
    finally:
        made.close()
    assert share < 0.05


def test_case_30_a_guest_that_logs_into_a_pipe_that_nobody_reads_is_not_kept_waiting(cache, guest):
    reader, writer = os.pipe()
    logs = Logs(writer, form="json", rate=LogRate(per_second=1e9, burst=10**9))
    try:
        with wardian.Runtime(cache=cache, on_log=logs.plugin) as runtime:
            plugin = runtime.load(wasm_of(guest("logs").read_text()), grants=wardian.Grants())
            for _ in range(8_000):  # ten lines each: twice what may wait for a reader
                plugin.call("go_on")
        assert logs.dropped > 0
    finally:
        logs.close(grace=0.0)
        os.close(reader)
        os.close(writer)
