"""What a pipeline comes to is known before anything of it is loaded."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from support.plans import HEAD, planned
from wardian.errors import ConfigError
from wardian.pipeline.plan import LeftOut


@pytest.fixture
def plans(tmp_path):
    """The plans of a text, as of `planned`."""
    return lambda *text, **given: planned(tmp_path, *text, **given).plans


def test_members_stand_in_the_order_in_which_records_meet_them(plans):
    (made,) = plans("pipelines: {a: {sources: [in, timer], steps: [parse, count], sinks: [out, lines]}}")
    assert [(each.role, each.name, each.kind) for each in made.members] == [
        ("source", "in", "source"), ("source", "timer", "source"), ("step", "parse", "processor"),
        ("step", "count", "aggregator"), ("sink", "out", "sink"), ("sink", "lines", "sink"),
    ]  # fmt: skip
    assert [(each.plugin, each.type) for each in made.sources] == [("p", None), (None, "timer")]
    assert (made.problems, made.left_out) == ((), ())
    made.require()


def test_a_step_that_stands_twice_is_two_members_and_no_name_is_taken_from_another(plans):
    text = "steps: {parse: {plugin: p}, parse-2: {plugin: p}}\n"
    head = HEAD.replace(HEAD.splitlines()[3] + "\n", text)
    (made,) = plans(
        "pipelines: {a: {sources: [in], steps: [parse, {name: parse, path: bad}, parse-2], sinks: [out]}}", head=head
    )
    assert [(each.name, each.use_name, each.path) for each in made.steps] == [
        ("parse", "parse", None), ("parse-3", "parse", "bad"), ("parse-2", "parse-2", None),
    ]  # fmt: skip


def test_a_source_a_step_and_a_sink_of_one_name_are_three_members(plans):
    head = HEAD.replace("in:", "x:", 1).replace("parse:", "x:").replace("out:", "x:")
    (made,) = plans("pipelines: {a: {sources: [x], steps: [x], sinks: [x]}}", head=head)
    assert [each.name for each in made.members] == ["x", "x-2", "x-3"]
    assert made.member("x-3").role == "sink"
    with pytest.raises(KeyError):
        made.member("y")


def test_a_sink_of_several_outputs_is_one_member_with_all_of_them(plans):
    (made,) = plans("pipelines: {a: {sources: [in], sinks: [out, lines, {name: out, path: bad}, out]}}")
    assert [(each.name, each.paths) for each in made.sinks] == [("out", (None, "bad")), ("lines", (None,))]


def test_what_is_disabled_is_left_out_and_a_pipeline_that_is_has_no_plan(plans):
    (made,) = plans("""\
        pipelines:
          a: {sources: [in], steps: [off, parse], sinks: [out]}
          b: {sources: [in], sinks: [out], enabled: false}
    """)
    assert made.left_out == (LeftOut("step", "off", "`steps.off.enabled` is false"),)
    assert [each.name for each in made.steps] == ["parse"]


def test_without_a_source_or_a_sink_that_is_enabled_it_cannot_run(plans):
    head = HEAD.replace("./p.wasm}", "./p.wasm, enabled: false}")
    (made,) = plans("pipelines: {a: {sources: [in], sinks: [out]}}", head=head)
    assert [each.why for each in made.left_out] == ["`plugins.p.enabled` is false"] * 2
    assert [each.expected for each in made.problems] == ["a source that is enabled", "a sink that is enabled"]
    with pytest.raises(ConfigError, match="cannot run") as caught:
        made.require()
    assert caught.value.problems == made.problems


def test_records_do_not_go_past_a_step_because_its_plugin_is_disabled(plans):
    head = HEAD.replace("./p.wasm}", "./p.wasm, enabled: false}")
    (made,) = plans("pipelines: {a: {sources: [timer], steps: [parse], sinks: [lines]}}", head=head)
    (problem,) = made.problems
    assert problem.expected == "an enabled plugin for the step `parse`"
    assert "steps.parse.enabled" in problem.hint


@pytest.mark.parametrize("symbol", ["processor cut", "function cut"])
def test_a_step_is_what_its_symbol_is(plans, symbol):
    (made,) = plans("pipelines: {a: {sources: [timer], steps: [parse], sinks: [lines]}}", symbol)
    assert [each.kind for each in made.steps] == symbol.split()[:1]
    assert made.problems == ()


def test_a_window_tells_an_aggregator_from_a_processor_of_the_same_plugin(plans):
    (made,) = plans("pipelines: {a: {sources: [timer], steps: [parse, count], sinks: [lines]}}", "processor cut",
        "aggregator sum")  # fmt: skip
    assert [each.kind for each in made.steps] == ["processor", "aggregator"]
    assert made.problems == ()


def test_a_window_without_an_aggregator_and_an_aggregator_without_one_cannot_run(plans):
    text = "pipelines: {a: {sources: [timer], steps: [%s], sinks: [lines]}}"
    (made,) = plans(text % "parse", "aggregator sum")
    assert [each.expected for each in made.problems] == ["a `window`, as `sum` is an aggregator"]
    (made,) = plans(text % "count", "processor cut")
    assert [each.expected for each in made.problems] == ["no `window`, as `cut` is a processor"]
    assert made.problems[0].path == "steps.count.window"


def test_a_plugin_that_cannot_be_read_is_no_matter_of_the_plan(plans, tmp_path):
    head = HEAD.replace("./p.wasm", "./gone.wasm")
    (made,) = plans("pipelines: {a: {sources: [in], steps: [count], sinks: [out]}}", head=head)
    assert [each.kind for each in made.members] == ["source", "aggregator", "sink"]


def test_a_plan_is_a_value(plans):
    text = "pipelines: {a: {sources: [in], steps: [parse], sinks: [out]}}"
    (made,), (again,) = plans(text), plans(text)
    assert made == again
    with pytest.raises(FrozenInstanceError):
        made.name = "b"
