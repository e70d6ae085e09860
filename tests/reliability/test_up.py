"""Faults that take all of `wardian up`: plugins that want more, or are repaired, and a log that nobody reads."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess

import pytest

from support.c_guests import compile_guest
from support.commands import command
from support.flows import FLOW, flow_wasm
from support.ups import Folder, eventually

TEXT = """
sources: {{numbers: {{plugin: flow, config: {{count: {count}, per_poll: 10, interval: 2ms}}}}}}
steps: {{mark: {{plugin: flow, config: {{{mark}}}}}}}
sinks: {{out: {{type: file, config: {{path: ./out.jsonl}}}}}}
pipelines: {{p: {{sources: [numbers], steps: [mark], sinks: [out]}}}}
"""
WANTS_MORE = f"""
#include "{FLOW}"
WARDIAN_ENTRY(dice) {{
    uint8_t dice;
    if (!wardian_random_bytes(&dice, 1)) return wardian_pass_on();
    return wardian_null();
}}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = Folder(tmp_path)
    yield made
    for each in made.started:
        each.kill()


def whole(folder):
    data = [each["data"] for each in folder.records()]
    assert data == list(range(len(data)))
    return len(data)


def replace(path, content):
    path.with_suffix(".new").write_bytes(content)
    path.with_suffix(".new").replace(path)


def test_case_17_a_new_build_that_asks_for_more_than_it_may_is_refused_and_the_old_one_goes_on(folder):
    folder.write(TEXT.format(count=-1, mark=""))
    up = folder.start()
    folder.until(50)
    before = folder.status()["p"]["members"][1]["running"]["digest"]
    source = folder.path / "greedy.c"
    source.write_text(WANTS_MORE)
    replace(folder.path / "flow.wasm", compile_guest(source, folder.path / "greedy.wasm").read_bytes())
    up.said("random")
    folder.until(len(folder.records()) + 50)
    assert folder.status()["p"]["members"][1]["running"]["digest"] == before
    replace(folder.path / "flow.wasm", flow_wasm())
    folder.until(len(folder.records()) + 50)
    assert up.stop() == 0
    whole(folder)


def test_case_17_a_plugin_that_breaks_again_and_again_is_repaired_by_its_file_and_what_waited_goes_through(folder):
    rules = "on_error: {attempts: 1000, delay: 0, factor: 1}, restart: {threshold: 2, delay: 1h, most: 1h}"
    folder.write(TEXT.format(count=200, mark="dies: 1").replace("sinks: [out]", f"sinks: [out], {rules}"))
    up = folder.start()
    eventually(lambda: folder.out.exists() and folder.status()["p"]["state"] == "waiting", "the breaker")
    folder.write(TEXT.format(count=200, mark="").replace("sinks: [out]", f"sinks: [out], {rules}"))
    assert up.ended() == 0, up.text()
    assert sorted(each["data"] for each in folder.records()) == list(range(200))


def test_case_30_a_log_that_nobody_reads_keeps_no_pipeline_waiting_and_what_is_left_out_is_counted(folder):
    count, lines = 2_000, 30  # many times what a pipe holds, and a member may say
    folder.write(TEXT.format(count=-1, mark=f"logs: {lines}"))
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
    words = command("up", folder.file, "--log-format", "json")
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=writer)
    try:
        folder.until(count)
        status = json.loads(folder.ask("status", "--json").stdout)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    finally:
        process.kill()
        os.close(reader)
        os.close(writer)
    assert status["logs_dropped"] > count
    assert whole(folder) >= count
