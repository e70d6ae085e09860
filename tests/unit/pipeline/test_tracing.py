"""`wardian.pipeline.tracing`: one trace from a source to the sinks."""

from __future__ import annotations

import threading
import time

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from wardian.errors import GuestError, Trap
from wardian.pipeline.tracing import OpenTelemetry, Tracing, traceparent


@pytest.fixture
def traced():
    """Tracing, and what gives the spans that have ended, by their names."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    yield OpenTelemetry(provider), lambda: {each.name: each for each in exporter.get_finished_spans()}
    provider.shutdown()


def polled(tracing, count=2, source="lines", **more):
    """Records that a poll has just given."""
    values = [{"data": index, **more} for index in range(count)]
    tracing.polled("words", source, values, time.time_ns() - 5_000_000)
    return values


def test_a_trace_goes_from_the_poll_over_the_batch_to_each_step_and_sink_on_whatever_threads(traced):
    tracing, spans = traced
    values = polled(tracing)

    def work():
        with tracing.batch("words", values):
            with tracing.member("parse", "step", "parser", 2):
                pass
            with tracing.member("out", "sink", "store", 2):
                pass

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    poll, batch = spans()["poll lines"], spans()["batch words"]
    assert poll.parent is None
    assert batch.parent.span_id == poll.context.span_id
    assert {spans()[name].parent.span_id for name in ("step parse", "sink out")} == {batch.context.span_id}
    assert len({each.context.trace_id for each in spans().values()}) == 1
    assert spans()["step parse"].attributes["wardian.plugin"] == "parser"
    assert poll.end_time - poll.start_time >= 5_000_000


def test_each_record_of_a_poll_says_of_which_trace_it_is(traced):
    tracing, spans = traced
    values = polled(tracing, meta={"file": "x"})
    context = spans()["poll lines"].context
    said = f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"
    assert {traceparent(each) for each in values} == {said}
    assert [each["meta"]["file"] for each in values] == ["x", "x"]


def test_a_batch_of_several_polls_goes_on_with_the_first_and_is_linked_to_the_others(traced):
    tracing, spans = traced
    first, second = polled(tracing, source="a"), polled(tracing, source="b")
    with tracing.batch("words", [*first, *second]):
        pass
    batch = spans()["batch words"]
    assert batch.context.trace_id == spans()["poll a"].context.trace_id
    assert [each.context.trace_id for each in batch.links] == [spans()["poll b"].context.trace_id]


def test_a_batch_has_a_bounded_number_of_links(traced):
    tracing, spans = traced
    with tracing.batch("words", [polled(tracing, 1)[0] for _ in range(100)]):
        pass
    assert len(spans()["batch words"].links) == 32


def test_what_a_plugin_says_of_traces_is_linked_and_not_followed(traced):
    tracing, spans = traced
    polled(tracing, meta={"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"})
    poll = spans()["poll lines"]
    assert poll.parent is None
    assert [f"{each.context.trace_id:x}" for each in poll.links] == ["a" * 32]


@pytest.mark.parametrize("said", ["", "nonsense", "00-" + "0" * 32 + "-" + "0" * 16 + "-01", 5, None, b"\xff", ["x"]])
def test_what_is_no_trace_is_none_and_ends_nothing(traced, said):
    tracing, spans = traced
    with tracing.batch("words", [{"data": 1, "meta": {"traceparent": said}}, {"data": 2, "meta": 5}, {"data": 3}]):
        pass
    assert spans()["batch words"].parent is None
    assert not spans()["batch words"].links


def test_what_is_raised_in_a_member_is_noted_on_its_span_and_raised_on(traced):
    tracing, spans = traced
    with pytest.raises(Trap), tracing.batch("words", []), tracing.member("parse", "step", "parser", 1):
        raise Trap("unreachable")
    assert not spans()["step parse"].status.is_ok
    assert spans()["step parse"].events[0].attributes["exception.message"] == "unreachable"


def test_a_record_that_fails_alone_is_an_event_of_its_member(traced):
    tracing, spans = traced
    with tracing.batch("words", []), tracing.member("parse", "step", "parser", 3):
        tracing.failed(GuestError("invalid", "no number"))
    (event,) = spans()["step parse"].events
    assert (event.name, event.attributes["wardian.code"]) == ("record failed", "guest_error")
    assert not spans()["step parse"].status.is_ok
    tracing.failed(GuestError("invalid", "outside of any"))


def test_a_poll_that_gave_nothing_is_no_span(traced):
    tracing, spans = traced
    polled(tracing, 0)
    assert spans() == {}


def test_without_tracing_records_stay_as_they_are():
    tracing = Tracing()
    values = polled(tracing)
    with tracing.batch("words", values), tracing.member("parse", "step", "parser", 2):
        tracing.failed(GuestError("invalid", "no number"))
    assert values == [{"data": 0}, {"data": 1}]
