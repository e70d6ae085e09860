"""A plan is drawn as text, as Mermaid and as plain data."""

from __future__ import annotations

import pytest

from support.plans import planned
from wardian.pipeline.drawing import Edge, as_dict, edges, mermaid, text

STEPS = "steps: [parse, {name: parse, path: bad}, count]"
LANES = f"pipelines: {{a: {{sources: [in], {STEPS}, sinks: [out, {{name: lines, path: bad}}]}}}}"


@pytest.fixture
def drawn(tmp_path):
    """The one plan of a text."""
    return lambda *said, **given: planned(tmp_path, *said, **given).plans[0]


def test_a_step_takes_all_records_of_its_output_so_that_later_ones_have_them_from_it(drawn):
    found = edges(drawn(LANES))
    assert [each for each in found if each.target == "count"] == [
        Edge("parse", "count", None), Edge("parse-2", "count", None),
    ]  # fmt: skip
    assert [each.source for each in found if each.target == "parse-2"] == ["parse"]
    assert [each for each in found if each.target == "lines"] == [
        Edge("parse-2", "lines", "bad"), Edge("count", "lines", "bad"),
    ]  # fmt: skip


def test_sinks_of_one_output_take_nothing_from_each_other(drawn):
    found = edges(drawn("pipelines: {a: {sources: [in, timer], sinks: [out, lines]}}"))
    assert [(each.source, each.target) for each in found] == [
        ("in", "out"), ("timer", "out"), ("in", "lines"), ("timer", "lines"),
    ]  # fmt: skip


def test_a_sink_of_two_outputs_has_an_edge_for_each(drawn):
    found = edges(drawn("pipelines: {a: {sources: [in], sinks: [out, {name: out, path: bad}]}}"))
    assert found == (Edge("in", "out", None), Edge("in", "out", "bad"))


def test_as_text_each_member_is_a_line_with_whom_it_has_its_records_from(drawn):
    first, *lines = text(drawn(LANES)).splitlines()
    assert first.startswith("pipeline a: at_least_once; batches of 100 records or 1MiB; ")
    assert [line.split() for line in lines] == [
        ["source", "in", "p"],
        ["step", "parse", "processor", "p", "<-", "in"],
        ["step", "parse-2", "processor", "p", "<-", "parse", "[bad]"],
        ["step", "count", "aggregator", "p,", "a", "window", "of", "3", "records", "<-", "parse,", "parse-2"],
        ["sink", "out", "p", "<-", "count"],
        ["sink", "lines", "the", "host's", "stdio", "<-", "parse-2", "[bad],", "count", "[bad]"],
    ]


def test_what_is_left_out_and_what_keeps_it_from_running_is_told(drawn):
    said = text(drawn("pipelines: {a: {sources: [in], steps: [off, parse], sinks: [out]}}", "processor cut"))
    assert "left out: the step `off`: `steps.off.enabled` is false" in said
    assert "cannot run: " in said  # `p` has no source


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("schedule: {every: 1m}", "; runs each 60s"), ("schedule: {cron: '*/5 * * * *'}", "; runs by cron */5 * * * *"),
        ("schedule: {once: true}", "; runs once"), ("state: checkpoint", "; state checkpoint each 10s"),
        ("on_error: {attempts: 5, then: drop}", "; a record is tried 5 times, then drop;"),
        ("delivery: at_most_once", ": at_most_once; "), ("distribute: round_robin", "; sinks round_robin"),
    ],
)  # fmt: skip
def test_its_rules_are_in_the_first_line(drawn, more, said):
    made = drawn(f"pipelines: {{a: {{sources: [in], sinks: [out, lines], {more}}}}}")
    assert said in text(made).splitlines()[0]


def test_as_mermaid_each_pipeline_is_a_frame_and_outputs_stand_on_the_arrows(tmp_path):
    plans = planned(tmp_path, LANES.removesuffix("}") + ", b: {sources: [timer], sinks: [lines]}}")
    lines = [line.strip() for line in mermaid(plans.plans).splitlines()]
    assert lines[0] == "flowchart LR"
    assert [line for line in lines if line.startswith("subgraph")] == ['subgraph p0["a"]', 'subgraph p1["b"]']
    assert 'p0m3["count<br/>aggregator p, a window of 3 records"]' in lines
    assert "p0m2 -->|bad| p0m5" in lines
    assert "p1m0 --> p1m1" in lines
    assert lines.count("end") == 2


def test_as_plain_data_it_has_members_edges_and_problems(drawn):
    told = as_dict(drawn(LANES))
    assert told["members"][2] == {
        "role": "step", "name": "parse-2", "use": "parse", "kind": "processor", "plugin": "p", "type": None,
        "symbol": None, "paths": ["bad"],
    }  # fmt: skip
    assert {"from": "count", "to": "out", "path": None} in told["edges"]
    assert (told["problems"], told["left_out"]) == ([], [])
