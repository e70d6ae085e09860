"""`wardian.engine.trial`: what each step makes of given records; nothing else is touched."""

import textwrap
import threading

import pytest

from support.flows import flow_wasm
from wardian.engine.trial import tried
from wardian.errors import ConfigError

TEXT = """\
version: 1
secrets: {token: {env: NOBODY_HAS_IT}}
plugins: {flow: {source: ./flow.wasm, grants: {state: true}, limits: {deadline: 1s}}}
sources: {in: {plugin: flow}, other: {type: timer, config: {interval: 1h}}}
steps:
  mark: {plugin: flow}
  count: {plugin: flow, config: {counts: 1}}
  sum: {plugin: flow, symbol: null, window: {count: 2}}
  refuses: {plugin: flow, config: {refused: 1}}
  sleeps: {plugin: flow, config: {loop_on: 1}, limits: {deadline: 1s}}
sinks:
  out: {type: file, config: {path: ./out.jsonl}}
  errors: {type: webhook, config: {url: "http://127.0.0.1:9/", headers: {a: "${secret:token}"}}}
"""


@pytest.fixture
def try_(tmp_path, cache, monkeypatch):
    (tmp_path / "flow.wasm").write_bytes(flow_wasm())
    monkeypatch.chdir(tmp_path)

    def trying(pipelines, *data, **more):
        (tmp_path / "wardian.yaml").write_text(TEXT + textwrap.dedent(pipelines))
        return tried(tmp_path / "wardian.yaml", [{"data": each} for each in data], cache=cache, **more)

    return trying


def made(came_to):
    return {each.member.name: [value["data"] for value in each.made] for each in came_to.members}


def test_what_each_step_makes_and_each_sink_would_get_is_kept(try_):
    came_to = try_("pipelines: {a: {sources: [in, other], steps: [mark, count], sinks: [out]}}", 1, "drop", "twice")
    assert made(came_to) == {
        "mark": [1, "twice", "twice"],
        "count": (counted := [[1, 1], *[["twice", 2]] * 2, *[["twice", 3]] * 2]),
        "out": counted,
    }
    assert [each.given for each in came_to.members] == [3, 3, 5]
    assert (came_to.pipeline, came_to.dead, came_to.error) == ("a", (), None)


def test_records_go_to_the_sink_of_their_output(try_):
    text = "pipelines: {a: {sources: [in], steps: [mark], sinks: [out, {name: errors, path: bad}]}}"
    came_to = try_(text, 1, "to:bad", 2)
    assert made(came_to) == {"mark": [1, "to:bad", 2], "out": [1, 2], "errors": ["to:bad"]}


def test_a_window_that_is_not_full_is_closed_at_the_end(try_):
    came_to = try_("pipelines: {a: {sources: [in], steps: [sum], sinks: [out]}}", 1, 2, 3)
    assert made(came_to)["sum"] == [[2, 3], [1, 3]]


def test_what_fails_is_told_and_tried_again_at_once(try_):
    text = "pipelines: {a: {sources: [in], steps: [mark], sinks: [out], on_error: {delay: 1h, then: stop}}}"
    came_to = try_(text, 1, "trap", "invalid")
    assert made(came_to) == {"mark": [1], "out": [1]}
    assert sorted((each.value["data"], each.attempts) for each in came_to.dead) == [("invalid", 1), ("trap", 3)]
    assert came_to.members[0].given == 3


def test_nothing_is_opened_but_the_steps_and_nothing_is_written(try_, tmp_path):
    try_("pipelines: {a: {sources: [in], steps: [count], sinks: [out, {name: errors, path: bad}]}}", 1)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["flow.wasm", "wardian.yaml"]


def test_a_step_that_cannot_be_opened_is_told(try_):
    with pytest.raises(ConfigError, match="`refused` is set"):
        try_("pipelines: {a: {sources: [in], steps: [refuses], sinks: [out]}}", 1)


TWO = "pipelines: {a: {sources: [in], sinks: [out]}, b: {sources: [in], steps: [mark], sinks: [out]}}"


def test_of_several_pipelines_one_is_named(try_):
    assert try_(TWO, 1, pipeline="b").pipeline == "b"
    with pytest.raises(ConfigError, match="which pipeline"):
        try_(TWO, 1)
    with pytest.raises(ConfigError, match="no such pipeline"):
        try_(TWO, 1, pipeline="c")


def test_another_thread_ends_it(try_):
    ended = threading.Event()
    ended.set()
    text = "pipelines: {a: {sources: [in], steps: [sleeps], sinks: [out], on_error: {attempts: 1000}}}"
    assert made(try_(text, 1, ended=ended))["out"] == []
