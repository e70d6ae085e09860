"""A3: the `service_example_plugin` of iLogtail as the input of pipelines; times are scaled.

The number of a test is that of the clause.
"""

from __future__ import annotations

import json
import time

import pytest

from support.canned import SPINS, Does, Each, canned
from support.stories import counters, eventually, keys

FILE = """
plugins: {{service: {{source: ./service_example.wasm}}}}
sources: {{service: {{plugin: service, config: {{{config}}}}}}}
sinks: {{out: {{type: file, config: {{path: ./out.jsonl}}}}}}
pipelines: {{p: {{sources: [service], sinks: [out]}}}}
"""
SECOND = 1_000_000_000


@pytest.fixture
def service(story):
    """A pipeline of the plugin, with this configuration; writing it again is an edit of the file."""
    story.module("service_example")

    def write(config="interval: 20ms"):
        story.write(FILE.format(config=config))
        return story

    return write


def run(story, count=5):
    """The records of a run that is stopped once there are so many, with the times around it in nanoseconds."""
    began = time.time_ns()
    with story.engine() as engine:
        story.until(count)
        assert engine.stop()
    return story.records(), began, time.time_ns()


def test_a3_1_each_interval_gives_a_log_of_one_host_with_the_time_of_now(service):
    logs, began, ended = run(service())
    assert {json.dumps(each["data"]) for each in logs} == {'{"host": "1.1.1.1"}'}
    assert {each["type"] for each in logs} == {"log"}
    seen = [each["time"] for each in logs]
    assert began - SECOND <= min(seen) <= max(seen) <= ended + SECOND
    assert 5 <= len(logs) <= (ended - began) / (SECOND / 50) + 1


def test_a3_2_in_its_second_form_they_are_samples_of_a_counter(service):
    samples, began, ended = run(service("interval: 20ms, form: metrics"))
    for each in samples:
        assert each["data"] == {"name": "test_metric", "type": "counter", "value": 1.0}
        assert (type(each["data"]["value"]), each["tags"]) == (float, {"hello": "world"})
        assert began - SECOND <= each["time"] <= ended + SECOND


def test_a3_4_a_stop_waits_for_no_interval_and_no_event_comes_after_it(service):
    story = service("interval: 1h")
    with story.engine() as engine:
        began = time.monotonic()
        assert engine.stop()
        assert time.monotonic() - began < 30
    assert story.records() == []


def test_a3_4_an_input_that_never_heeds_its_stop_is_ended_by_force(story):
    story.module("stuck", canned({"source_poll": Each(({"records": [{"data": 1}]}, Does(SPINS)))}, "source stuck"))
    story.write("""
        plugins: {stuck: {source: ./stuck.wasm, limits: {deadline: 10m}}}
        sources: {stuck: {plugin: stuck}}
        sinks: {out: {type: file, config: {path: ./out.jsonl}}}
        pipelines: {p: {sources: [stuck], sinks: [out], grace: 500ms}}
    """)
    up = story.start()
    story.until(1)
    began = time.monotonic()
    assert up.stop() in (0, 130)
    assert time.monotonic() - began < 30
    assert story.data() == [1]


def test_a3_5_another_interval_in_the_file_applies_to_the_next_events_and_no_queued_one_is_lost(service):
    story = service("interval: 1h")
    up = story.start()
    eventually(story.out.exists, "the sink")
    service("interval: 20ms")
    up.said("p: restart: `service` changed")
    story.until(10)
    service("interval: 10ms")
    story.until(len(story.records()) + 10)
    assert up.stop() == 0
    cursors = [int(key[2]) for key in keys(story.records())]
    assert cursors == list(range(1, len(cursors) + 1))  # each that was taken in, once and in its order


def test_a3_6_a_name_that_is_no_plugin_is_told_with_its_line_before_anything_runs(service):
    story = service()
    story.file.write_text(story.file.read_text().replace("plugin: service,", "plugin: service_exampel,"))
    done = story.run()
    assert (done.returncode, b"wardian.yaml:4: sources.service.plugin" in done.stderr) == (5, True)
    assert not story.out.exists()


@pytest.mark.parametrize(
    ("module", "said"),
    [
        ("gone", "there is no such file"),
        ("collect_sink", "a source, got none"),
    ],
)
def test_a3_6_a_plugin_that_cannot_be_the_input_refuses_its_pipeline_and_others_run(story, module, said):
    story.module("service_example")
    if module != "gone":
        story.module(module)
    story.write(f"""
        plugins:
          service: {{source: ./service_example.wasm}}
          other: {{source: ./{module}.wasm, grants: {{state: true}}}}
        sources:
          service: {{plugin: service, config: {{interval: 20ms}}}}
          other: {{plugin: other}}
        sinks:
          out: {{type: file, config: {{path: ./out.jsonl}}}}
          nothing: {{type: file, config: {{path: ./nothing.jsonl}}}}
        pipelines:
          good: {{sources: [service], sinks: [out]}}
          bad: {{sources: [other], sinks: [nothing]}}
    """)
    with story.engine() as engine:
        story.until(5)
        assert list(engine.failures) == ["bad"]
        assert said in str(engine.failures["bad"])
        assert engine.stop()


def test_a3_7_the_same_plugin_twice_is_two_instances_with_counters_of_their_own(story):
    story.module("ticker")
    story.module("flow")
    story.write("""
        plugins: {ticker: {source: ./ticker.wasm}, flow: {source: ./flow.wasm, grants: {state: true}}}
        sources:
          service-1: {plugin: ticker, config: {interval: 20ms}}
          service-2: {plugin: ticker, config: {interval: 1h}}
        steps: {count: {plugin: flow, config: {counts: 1}}}
        sinks: {out: {type: file, config: {path: ./out.jsonl}}}
        pipelines: {p: {sources: [service-1, service-2], steps: [count, count], sinks: [out]}}
    """)
    with story.engine() as engine:
        story.until(5)
        assert engine.stop()
        count = len(story.records())
        names = ("service-1", "service-2", "count", "count-2")
        assert [counters(engine, "p", name).records_out for name in names] == [count, 0, count, count]
    # Each counts by itself: the record, then what the first made of it with its count, then the second's count.
    assert [each[1] for each in story.data()] == list(range(1, count + 1))
    assert [each[0][1] for each in story.data()] == list(range(1, count + 1))
