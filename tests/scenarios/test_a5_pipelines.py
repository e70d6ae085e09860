"""A5: the collector of IntelMQ's extension package in pipelines, in the place of a botnet and its queues.

The number of a test is that of the clause; seconds are scaled.
"""

from __future__ import annotations

import json
import time

import pytest

from support.commands import wardian
from support.flows import flow_wasm
from support.murderous_server import MurderousServer
from support.stories import counters, eventually, keys

SPECIAL = """
plugins: {{special: {{source: ./special.wasm}}}}
sources: {{special-feed: {{plugin: special, config: {{{config}}}}}}}
sinks: {{x-queue: {{type: file, config: {{path: ./out.jsonl}}}}}}
pipelines: {{p: {{sources: [special-feed], sinks: [x-queue]}}}}
"""


@pytest.fixture
def special(story):
    """A pipeline of the collector, with this configuration."""
    story.module("special")

    def write(config):
        story.write(SPECIAL.format(config=config))
        return story

    return write


def test_a5_3_the_collector_gives_a_report_of_its_feed_each_interval(special):
    story = special("raw: true, rate_limit: 0.05, name: Special feed")
    began = time.time_ns()
    with story.engine() as engine:
        story.until(4)
        assert engine.stop()
    ended = time.time_ns()
    reports = story.data()
    assert 4 <= len(reports) <= (ended - began) / 50_000_000 + 1
    for report in reports:
        assert report["raw"] == f"h'{b'example'.hex()}'"  # bytes, as JSON has them
        assert (report["feed.name"], report["feed.accuracy"]) == ("Special feed", 100)
        assert began - 10**9 <= report["time.observation"] <= ended + 10**9


def test_a5_3_with_raw_false_it_is_warned_and_reports_have_no_raw(special):
    story = special("raw: false, rate_limit: 0.05")
    with story.engine() as engine:
        story.until(2)
        assert engine.stop()
    assert ["raw" in each for each in story.data()] == [False] * len(story.data())
    assert any("with `raw: false` reports have nothing to parse" in each for each in story.warnings)


def test_a5_3_without_a_word_on_raw_it_does_not_start(special):
    engine = special("rate_limit: 1").finish()
    assert "`raw` must be configured" in str(engine.failures["p"])


# ---- Experts that fail ----

EXPERT = """
plugins: {{expert: {{source: ./flow.wasm, grants: {{state: true}}, limits: {{deadline: 20s}}}}}}
sources: {{messages: {{type: file, config: {{path: ./rows.jsonl}}}}}}
steps: {{expert: {{plugin: expert, config: {{{config}}}}}}}
sinks:
  out: {{type: file, config: {{path: ./out.jsonl}}}}
  server: {{type: webhook, config: {{url: "http://127.0.0.1:{port}/", timeout: 30s}}}}
pipelines:
  p: {{sources: [messages], steps: [expert], sinks: [{sink}], batch: {{count: 1}}{rules}}}
"""
RETRIES = ", on_error: {attempts: 3, delay: 10ms, jitter: 0%s}"


@pytest.fixture
def expert(story):
    """A pipeline whose step fails for what it is told to."""
    story.module("flow", flow_wasm())

    def write(*rows, config="", rules=RETRIES % "", sink="out", port=1):
        if rows:
            story.rows(*rows)
        story.write(EXPERT.format(config=config, rules=rules, sink=sink, port=port))
        return story

    return write


def dead(story):
    """The dead letters, whole."""
    told = json.loads(story.ask("dead", "list", "--json").stdout)["dead"]
    return [json.loads(story.ask("dead", "show", f"p/{each['id']}", "--json").stdout) for each in told]


def test_a5_4_a_message_that_fails_is_tried_three_times_and_dumped_and_the_next_is_processed(expert):
    story = expert(6, 7, 8, config="trap_on: 7")
    engine = story.finish()
    assert story.data() == [6, 8]
    done = counters(engine, "p", "expert")
    assert (done.failed, done.retried, done.dead) == (3, 2, 1)
    (dump,) = dead(story)
    assert (dump["member"], dump["source"], dump["attempts"]) == ("expert", "messages", 3)
    assert dump["value"]["data"] == 7
    assert "unreachable" in dump["message"]
    assert "processor_process" in dump["trace"]


def test_a5_4_what_fails_for_a_while_is_processed_by_the_second_attempt(expert):
    story = expert("busy", 1, config="busy: 1")
    engine = story.finish()
    assert story.data() == ["busy", 1]
    assert (counters(engine, "p", "expert").retried, dead(story)) == (1, [])


def test_a5_4_or_the_bot_stops_where_that_is_wanted_and_nothing_is_dumped(expert):
    story = expert(6, 7, 8, config="trap_on: 7", rules=RETRIES % ", then: stop")
    done = story.run()
    assert (done.returncode, b"p: stopped" in done.stderr) == (7, True)
    assert (story.data(), dead(story)) == ([6], [])
    expert()  # repaired: it goes on with the message that it stopped at
    assert story.run().returncode == 0
    assert story.data() == [6, 7, 8]


def test_a5_4_or_the_message_is_dropped(expert):
    story = expert(6, 7, 8, config="trap_on: 7", rules=RETRIES % ", then: drop")
    engine = story.finish()
    assert (story.data(), counters(engine, "p", "expert").dropped, dead(story)) == ([6, 8], 1, [])


def test_a5_4_recovered_by_its_id_it_is_put_back_and_processed(expert):
    story = expert(6, 7, 8, config="trap_on: 7")
    story.finish()
    (dump,) = dead(story)
    expert()  # the repaired one
    assert story.ask("dead", "replay", f"p/{dump['id']}").returncode == 0
    story.finish()
    assert (story.data(), dead(story)) == ([6, 8, 7], [])


def test_a5_4_also_while_the_botnet_runs_and_as_it_was_edited(expert):
    story = expert(6, 7, 8, config="trap_on: 7")
    text = story.file.read_text()
    story.file.write_text(text.replace("path: ./rows.jsonl", "path: ./rows.jsonl, follow: true, interval: 20ms"))
    up = story.start()
    story.until(2)
    eventually(lambda: len(dead(story)) == 1, "the dump")
    assert story.ask("dead", "edit", "p/1", "--set", "data=70").returncode == 0
    assert story.ask("dead", "replay", "p/1").returncode == 0
    story.until(3)
    assert (up.stop(), story.data()) == (0, [6, 8, 70])


# ---- Starting, trying, killing ----


def test_a5_5_what_is_disabled_is_not_started_with_the_others_and_is_when_it_is_named(expert):
    story = expert(1, 2, 3, rules=", enabled: false")
    with story.file.open("a") as file:
        file.write("  q: {sources: [messages], sinks: [other]}\n")
    story.file.write_text(
        story.file.read_text().replace("sinks:\n", "sinks:\n  other: {type: file, config: {path: ./q.jsonl}}\n", 1)
    )
    done = story.run()
    assert (done.returncode, done.stderr) == (0, b"q: done: 3 records in, 3 out\n")
    assert not story.out.exists()
    done = story.run("--set", "pipelines.p.enabled=true")
    assert b"p: done: 3 records in, 3 out\n" in done.stderr
    assert story.data() == [1, 2, 3]


def test_a5_5_a_dry_run_shows_what_would_be_sent_and_changes_nothing(expert):
    story = expert(1, config="counts: 1")
    story.finish()
    before = story.out.read_bytes()
    for _ in range(2):
        done = wardian("try", story.file, "--input", "-", "--json", stdin=b'"hello"\n')
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        sent = {each["name"]: each["records"] for each in told["members"]}
        assert [each["data"] for each in sent["out"]] == [["hello", 1]]  # it counts from the start each time
    assert story.out.read_bytes() == before
    story.rows(1)
    story.finish()
    assert story.data() == [[1, 1], [1, 2]]


def test_a5_6_killed_between_receiving_and_acknowledging_the_same_message_is_processed_again(expert):
    with MurderousServer(2) as server:
        up = expert(1, 2, 3, sink="server", port=server.port).start("--no-watch")
        server.kills(up.process)
        assert up.ended() == -9, up.text()
        received = server.records
    assert [each["data"] for each in received] == [1, 2]
    with MurderousServer() as server:
        assert expert(sink="server", port=server.port).run().returncode == 0
        again = server.records
    assert [each["data"] for each in again] == [2, 3]
    assert keys(again)[0] == keys(received)[1]  # by which a receiver can tell
