"""`wardian.engine.ground`: what is opened, and what is closed again."""

import textwrap

import pytest

from support.flows import flow_wasm
from wardian.engine.configured import Configured
from wardian.engine.directory import StateDirectory
from wardian.engine.ground import Ground
from wardian.errors import ConfigError, StateError
from wardian.state.contract import Scope
from wardian.transport.journal import Journal
from wardian.transport.memory import MemoryLog

TEXT = """\
version: 1
secrets: {token: {env: TOKEN}}
plugins: {flow: {source: ./flow.wasm, grants: {state: true}}}
sources: {in: {plugin: flow, config: {count: 10, keys: 2}}, plain: {type: timer, config: {interval: 10ms, count: 10}}}
steps:
  own: {plugin: flow, config: {counts: 1}}
  shared: {plugin: flow, config: {counts: 1}, scope: pipeline}
  common: {plugin: flow, config: {counts: 1}, scope: plugin}
  refuses: {plugin: flow, config: {refused: 1}}
  masked: {plugin: flow, config: {secret: "${secret:token}"}}
sinks: {out: {plugin: flow}, bare: {type: file, config: {path: %s}}, idle: {type: stdio, enabled: false}}
"""


@pytest.fixture
def ground(tmp_path, cache):
    """A ground, and `.means` of a pipeline of this text."""
    (tmp_path / "flow.wasm").write_bytes(flow_wasm())
    directory = StateDirectory(tmp_path / "state")
    lines = []
    with directory.hold():
        made = Ground(directory, cache=cache, on_log=lines.append)

        def means(text):
            (tmp_path / "wardian.yaml").write_text(TEXT % (tmp_path / "bare.jsonl") + textwrap.dedent(text))
            configured = Configured.read(tmp_path / "wardian.yaml", (), {"TOKEN": "a-long-token"})
            made.take(configured)
            return [made_of(configured, name) for name in configured.makeups]

        def made_of(configured, name):
            return made.means(configured, name)

        made.of, made.directory, made.lines = means, directory, lines
        yield made
        made.close()


def finished(means):
    run = means.run()
    run.start()
    assert run.wait(60)
    assert run.state == "done", run.error
    return run


def test_at_least_once_has_a_log_on_disk_and_at_most_once_one_in_memory(ground):
    ends = "sources: [plain], sinks: [bare]"
    first, second = ground.of(f"pipelines: {{a: {{{ends}}}, b: {{{ends}, delivery: at_most_once}}}}")
    assert isinstance(finished(first).log, Journal)
    assert isinstance(finished(second).log, MemoryLog)
    assert ground.directory.pipelines() == ["a", "b"]


@pytest.mark.parametrize(("rules", "number"), [("", 1), (", sync: true", 2)])
@pytest.mark.parametrize("delivery", ["at_least_once", "at_most_once"])
def test_case_27_what_is_to_outlive_a_power_failure_is_written_to_the_disk_itself(ground, delivery, rules, number):
    (means,) = ground.of(f"pipelines: {{a: {{sources: [plain], sinks: [bare], delivery: {delivery}{rules}}}}}")
    run = means.run()
    assert run.log._keeper.file.database.select("PRAGMA synchronous", ()) == [(number,)]
    run.end()


def test_state_lies_with_its_pipeline_or_where_all_share_it(ground):
    means = ground.of("pipelines: {a: {sources: [in], steps: [own, shared, common], sinks: [out]}}")
    finished(means[0])
    with Journal(ground.directory.pipeline("a"), pipeline="a", sources=["in"], queue_count=9, queue_bytes=99) as log:
        assert [each.scope for each in log.state.scopes()] == [Scope("flow", "a/"), Scope("flow", "a/own")]
    assert ground.directory.shared.exists()


def test_of_a_pipeline_that_does_not_run_no_state_is_had(ground):
    with pytest.raises(StateError, match="`a` does not run"):
        ground._route(Scope("flow", "a/own"))


@pytest.mark.parametrize(("rules", "kept"), [("", ["a/own"]), (", state: memory", [])])
def test_at_most_once_keeps_state_as_its_rules_say(ground, rules, kept):
    text = f"pipelines: {{a: {{sources: [in], steps: [own], sinks: [out], delivery: at_most_once{rules}}}}}"
    finished(ground.of(text)[0])
    with Journal(ground.directory.pipeline("a"), pipeline="a", sources=["in"], queue_count=9, queue_bytes=99) as log:
        assert [each.scope.instance for each in log.state.scopes()] == kept


def test_what_cannot_be_opened_leaves_nothing_open(ground):
    text = "pipelines: {a: {sources: [in], steps: [%s], sinks: [out]}}"
    with pytest.raises(ConfigError, match="`refused` is set"):
        ground.of(text % "refuses")[0].run()
    finished(ground.of(text % "own")[0])


def test_what_can_be_opened_is_known_while_it_runs(ground):
    text = "pipelines: {a: {sources: [in], steps: [%s], sinks: [out, bare]}}"
    (good,), (bad,) = ground.of(text % "own"), ground.of(text % "refuses")
    run = good.run()
    run.start()
    good.check()
    with pytest.raises(ConfigError, match="`refused` is set"):
        bad.check()
    run.end()


def test_a_plan_that_cannot_run_opens_nothing(ground):
    head = "pipelines: {a: {sources: [in], sinks: [idle]}}"
    with pytest.raises(ConfigError, match="this pipeline cannot run"):
        ground.of(head)[0].run()
    assert ground.directory.pipelines() == []


def test_what_runs_is_known_by_its_digest_also_after_a_swap(ground):
    (means,) = ground.of("pipelines: {a: {sources: [in], steps: [own], sinks: [out]}}")
    run = means.run()
    assert set(ground.running("a")) == {"in", "own", "out"}
    assert len(ground.running("a")["own"].digest) == 64
    run.start()
    uses = means.uses(["own"])
    assert list(uses) == ["own"]
    for each in uses.values():
        each.close()
    run.end()


def test_secrets_of_all_that_may_run_are_masked(ground):
    from wardian.capabilities.log import LogLine

    ground.of("pipelines: {a: {sources: [in], steps: [masked], sinks: [out]}}")
    ground._log(LogLine(level="info", message="it is a-long-token", plugin="flow", instance="a/masked", fields={}))
    assert "a-long-token" not in ground.lines[-1].message


def test_who_wants_to_know_is_told_the_pipelines_of_each_configuration(tmp_path):
    told = []
    (tmp_path / "flow.wasm").write_bytes(flow_wasm())
    text = TEXT % "x" + "pipelines: {p: {sources: [in], sinks: [out]}}\n"
    (tmp_path / "wardian.yaml").write_text(text)
    directory = StateDirectory(tmp_path / "state")
    with directory.hold():
        made = Ground(directory, cache=None, on_plans=told.append)
        made.take(Configured.read(tmp_path / "wardian.yaml", (), {"TOKEN": "a-long-token"}))
        made.close()
    assert [[each.name for each in plans] for plans in told] == [["p"]]
