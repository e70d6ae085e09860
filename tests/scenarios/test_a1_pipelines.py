"""A1: the ticker of Botkube's tutorial as the source of pipelines; its seconds are scaled to milliseconds.

The number of a test is that of the clause.
"""

from __future__ import annotations

import time

import pytest

from support.canned import SPINS, Does, Each, canned
from support.stories import counters, eventually, of

FILE = """
plugins:
  botkube/ticker: {{source: ./ticker.wasm}}
  chat: {{source: ./chat.wasm}}
sources:
  ticker-team-a: {{plugin: botkube/ticker, config: {{interval: {a}}}}}
  ticker-team-b: {{plugin: botkube/ticker, config: {{interval: {b}}}{more}}}
sinks:
  all-teams: {{type: file, config: {{path: ./out.jsonl}}}}
  chat: {{plugin: chat}}
pipelines:
  all: {{sources: [ticker-team-a, ticker-team-b], sinks: [all-teams]{rules}}}
"""
MS = 1_000_000  # nanoseconds


@pytest.fixture
def teams(story):
    """The two streams of the tutorial, bound to one channel."""

    def write(*, a="20ms", b="1h", more="", rules=""):
        story.module("ticker")
        story.write(FILE.format(a=a, b=b, more=more, rules=rules))
        return story

    return write


def most(records, interval=20 * MS):
    """How many events there may be at most in the time from the first to the last of them, give or take one."""
    seen = [each["time"] for each in records]
    return (seen[-1] - seen[0]) / interval + 2


def test_a1_1_the_fast_stream_gives_its_events_and_the_slow_one_none(teams):
    story = teams()
    with story.engine() as engine:
        story.until(5)
        assert engine.stop()
    records = story.records()
    assert of(records, "ticker-team-b") == []
    for event in records:
        assert (event["message"], event["meta"]["type"]) == ("Ticker Event", "baseBodyWithFilter")
    assert 5 <= len(records) <= most(records)


def test_a1_1_over_a_longer_time_the_slow_stream_gives_one_for_120_of_the_other(teams):
    story = teams(b="2400ms")
    with story.engine() as engine:
        eventually(lambda: of(story.records(), "ticker-team-b"), "the slow stream's first")
        assert engine.stop()
    records = story.records()
    slow, fast = (of(records, f"ticker-team-{team}") for team in "ba")
    assert {each["message"] for each in slow} == {"Ticker Event"}
    assert len(slow) <= most(slow, 2400 * MS)
    assert 1 < len(fast) <= most(fast)


def test_a1_2_two_streams_of_one_plugin_are_listed_with_its_version(teams):
    story = teams()
    up = story.start()
    story.until(3)
    streams = [each for each in story.status()["all"]["members"] if each["role"] == "source"]
    assert [(each["name"], each["plugin"], each["running"]["version"]) for each in streams] == [
        ("ticker-team-a", "botkube/ticker", "0.1.0"), ("ticker-team-b", "botkube/ticker", "0.1.0"),
    ]  # fmt: skip
    assert streams[0]["running"]["digest"] == streams[1]["running"]["digest"]
    assert [each["counts"]["records_out"] > 0 for each in streams] == [True, False]
    assert up.stop() == 0


def test_a1_4_a_wrong_interval_fails_the_pipeline_of_its_stream_and_another_runs(story):
    story.module("ticker")
    story.write("""
        plugins: {botkube/ticker: {source: ./ticker.wasm}}
        sources:
          ticker-team-a: {plugin: botkube/ticker, config: {interval: abc}}
          ticker-team-b: {plugin: botkube/ticker, config: {interval: 20ms}}
        sinks:
          team-a: {type: file, config: {path: ./a.jsonl}}
          team-b: {type: file, config: {path: ./out.jsonl}}
        pipelines:
          a: {sources: [ticker-team-a], sinks: [team-a]}
          b: {sources: [ticker-team-b], sinks: [team-b]}
    """)
    with story.engine() as engine:
        story.until(5)
        assert list(engine.failures) == ["a"]
        assert "while unmarshalling YAML config" in str(engine.failures["a"])
        assert engine.stop()


def test_a1_5_a_stream_that_is_disabled_is_not_opened_and_the_other_runs(teams):
    story = teams(b="abc", more=", enabled: false")  # which the plugin would refuse
    with story.engine() as engine:
        story.until(5)
        assert list(engine.pipelines[0].counters) == ["ticker-team-a", "all-teams"]
        assert engine.stop()


def test_a1_5_a_plugin_that_no_pipeline_names_is_neither_read_nor_loaded(teams):
    story = teams()
    assert not (story.path / "chat.wasm").exists()
    with story.engine() as engine:
        story.until(3)
        assert (engine.stop(), engine.failures) == (True, {})


def test_a1_5_a_plugin_that_is_disabled_is_not_read_and_its_pipeline_says_so(teams):
    story = teams()
    (story.path / "ticker.wasm").unlink()
    engine = story.finish(settings=["plugins.botkube/ticker.enabled=false"])
    assert "expected a source that is enabled, got none" in str(engine.failures["all"])


def test_a1_5_nor_is_what_only_a_disabled_pipeline_names(teams):
    story = teams(rules=", enabled: false")
    (story.path / "ticker.wasm").write_bytes(b"whoever reads this is told that it is broken")
    with story.file.open("a") as file:
        file.write("  minute: {sources: [clock], sinks: [all-teams]}\n")
    story.file.write_text(
        story.file.read_text().replace(
            "sources:\n", "sources:\n  clock: {type: timer, config: {interval: 10ms, count: 3}}\n", 1
        )
    )
    engine = story.finish()
    assert ([each.name for each in engine.pipelines], engine.failures) == (["minute"], {})
    assert len(story.records()) == 3


def test_a1_6_no_event_comes_after_the_stop_has_returned(teams):
    story = teams()
    with story.engine() as engine:
        story.until(5)
        assert engine.stop()
        count = len(story.records())
        assert counters(engine, "all", "all-teams").records_out == count
        time.sleep(0.2)  # ten intervals
        assert len(story.records()) == count


def test_a1_6_a_stream_whose_loop_never_ends_is_ended_within_the_grace(story):
    one = {"records": [{"data": 1}], "wait_ms": 0}
    story.module("stuck", canned({"source_poll": Each((one, Does(SPINS)))}, "source stuck"))
    story.write("""
        plugins: {stuck: {source: ./stuck.wasm, limits: {deadline: 10m}}}
        sources: {stuck: {plugin: stuck}}
        sinks: {out: {type: file, config: {path: ./out.jsonl}}}
        pipelines: {p: {sources: [stuck], sinks: [out], grace: 500ms}}
    """)
    with story.engine() as engine:
        story.until(1)
        began = time.monotonic()
        engine.stop()
        assert time.monotonic() - began < 30
        assert [each.over for each in engine.pipelines] == [True]
        assert story.data() == [1]
