"""One trace goes from a source to the sinks of a pipeline of real guests, and a dead letter names it."""

from __future__ import annotations

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from support.flow_text import PLAIN, TEXT
from support.flows import Capture, Flow
from wardian.pipeline.tracing import OpenTelemetry, traceparent


@pytest.fixture
def traced(cache, tmp_path):
    """Runs a pipeline to its end, and gives it with its spans."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    made = []

    def run(**more):
        text = TEXT.format(**{**PLAIN, **more})
        made.append(Flow(cache, text, tmp_path, out=Capture(), tracing=OpenTelemetry(provider)).all())
        return made[-1], exporter.get_finished_spans()

    yield run
    for each in made:
        each.close()
    provider.shutdown()


def named(spans, name):
    return [each for each in spans if each.name == name]


def test_what_one_poll_gave_is_one_trace_over_steps_and_sinks(traced):
    made, spans = traced(count=5, per_poll=5, batch="count: 5")
    assert made.captures["out"].data() == list(range(5))
    (poll,) = named(spans, "poll numbers")
    (step,) = named(spans, "step mark")
    (sink,) = named(spans, "sink out")
    assert {each.context.trace_id for each in (poll, step, sink)} == {poll.context.trace_id}
    assert (step.attributes["wardian.records"], step.attributes["wardian.plugin"]) == (5, "flow")
    assert {traceparent(each)[3:35] for each in made.captures["out"].values} == {f"{poll.context.trace_id:032x}"}


def test_each_record_that_a_sink_takes_is_of_a_trace_of_which_a_poll_was(traced):
    made, spans = traced(count=20, per_poll=7)
    polls = {f"{each.context.trace_id:032x}" for each in named(spans, "poll numbers")}
    assert len(polls) == 3
    assert {traceparent(each)[3:35] for each in made.captures["out"].values} == polls
    batches = named(spans, "batch p")
    reached = {each.context.trace_id for each in batches} | {link.context.trace_id for b in batches for link in b.links}
    assert {f"{each:032x}" for each in reached} >= polls


def test_a_record_that_breaks_a_step_is_seen_there_and_its_dead_letter_names_the_trace(traced):
    made, spans = traced(count=5, per_poll=5, mark="trap_on: 3", batch="count: 5", on_error="attempts: 1")
    (poll,) = named(spans, "poll numbers")
    (letter,) = made.log.dead
    assert letter.code == "unreachable"
    assert traceparent(letter.value)[3:35] == f"{poll.context.trace_id:032x}"
    step = named(spans, "step mark")[0]
    assert [each.attributes["wardian.code"] for each in step.events] == ["unreachable"]
    assert not step.status.is_ok


def test_a_window_that_is_closed_at_the_end_is_of_the_trace_of_what_it_held(traced):
    _, spans = traced(count=4, per_poll=4, steps="sum", batch="count: 4")
    (poll,) = named(spans, "poll numbers")
    assert len(named(spans, "step sum")) >= 2
    assert {each.context.trace_id for each in [*named(spans, "step sum"), *named(spans, "sink out")]} == {
        poll.context.trace_id
    }
