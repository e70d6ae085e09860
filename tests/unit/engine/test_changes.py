"""`wardian.engine.changes`: the least that has to be done."""

import pytest

from unit.engine.conftest import HEAD
from wardian.engine.changes import Change, changes

TEXT = "pipelines: {a: {sources: [in, timer], steps: [parse, count], sinks: [lines, out]}}"


def between(pipelines, text=TEXT, head=HEAD, before=TEXT):
    return changes(pipelines.read(before), pipelines.read(text, head))


def test_nothing_is_done_where_nothing_has_changed(pipelines):
    assert between(pipelines) == ()


@pytest.mark.parametrize("said", ["description: another", "enabled: true", "batch: {count: 100}"])
def test_what_changes_nothing_of_it_leaves_a_pipeline_alone(pipelines, said):
    assert between(pipelines, TEXT.replace("]}}", f"], {said}}}}}")) == ()


def test_what_is_gone_stops_first_and_what_is_new_starts_last(pipelines):
    one = "{sources: [timer], sinks: [lines]}"
    before, after = f"pipelines: {{a: {one}, gone: {one}}}", f"pipelines: {{new: {one}, a: {one}}}"
    assert [(each.what, each.pipeline) for each in between(pipelines, after, before=before)] == [
        ("stop", "gone"), ("start", "new"),
    ]  # fmt: skip


def test_what_is_disabled_stops(pipelines):
    (change,) = between(pipelines, TEXT.replace("]}}", "], enabled: false}}"))
    assert (change.what, change.pipeline) == ("stop", "a")


def test_steps_and_sinks_are_swapped_in_their_places(pipelines):
    head = HEAD.replace('key: "${secret:token}"', "key: other").replace(
        "out: {plugin: q}", "out: {plugin: q, config: {a: 1}}"
    )
    assert between(pipelines, head=head) == (Change("a", "swap", ("parse", "out"), "`parse`, `out` changed"),)


def test_a_plugin_that_was_built_anew_is_swapped(pipelines):
    before = pipelines.read(TEXT)
    (pipelines.folder / "p.wasm").write_bytes(b"another")
    assert changes(before, pipelines.read(TEXT)) == (Change("a", "swap", ("parse",), "`parse` changed"),)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("interval: 1s", "interval: 2s", "`timer` changed"),
        ("lines: {type: stdio}", "lines: {type: file, config: {path: x}}", "`lines` changed"),
        ("window: {count: 3}", "window: {count: 4}", "it has other members"),
        ("{plugin: p, config", "{plugin: p, scope: pipeline, config", "it has other members"),
    ],
)
def test_what_cannot_be_swapped_begins_anew(pipelines, old, new, why):
    assert between(pipelines, head=HEAD.replace(old, new)) == (Change("a", "restart", why=why),)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("[parse, count]", "[count, parse]", "it has other members"),
        ("[parse, count]", "[parse, count, mask]", "it has other members"),
        ("[parse, count]", "[{name: parse, path: x}, count]", "it has other members"),
        ("[lines, out]", "[out, lines]", "it has other members"),
        ("[in, timer]", "[timer]", "it has other members"),
        ("]}}", "], batch: {count: 5}, grace: 1s}}", "`batch`, `grace` changed"),
        ("]}}", "], schedule: {every: 1m}}}", "`schedule` changed"),
        ("]}}", "], on_error: {then: drop}}}", "`on_error` changed"),
    ],
)
def test_other_members_and_other_rules_begin_anew(pipelines, old, new, why):
    assert between(pipelines, TEXT.replace(old, new)) == (Change("a", "restart", why=why),)


def test_a_change_is_a_line_for_people():
    assert str(Change("a", "swap", ("x",), "`x` changed")) == "swap a: `x` changed"
    assert str(Change("a", "start")) == "start a"
