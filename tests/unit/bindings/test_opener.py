"""What a pipeline needs is opened for it alone: all of it, or none."""

from __future__ import annotations

import shutil
import textwrap
from types import SimpleNamespace

import pytest

import wardian
from support.canned import canned
from wardian.abi.contract import LOG_LEVELS
from wardian.bindings.descriptions import Descriptions
from wardian.bindings.opener import Opener
from wardian.config import secret_reading
from wardian.config.loading import load
from wardian.endpoints.kinds import TYPES
from wardian.plugins.aggregator import Aggregator
from wardian.plugins.function import Function
from wardian.plugins.processor import Processor
from wardian.record import Record

EXAMPLES = ("ticker", "parse_lines", "average", "collect_sink", "accumulate_word_count", "random_source")
HEAD = """\
version: 1
plugins:
  ticker: {source: ./ticker.wasm}
  random: {source: ./random_source.wasm, grants: {state: true}}
  lines: {source: ./parse_lines.wasm}
  average: {source: ./average.wasm, grants: {state: true}}
  words: {source: ./accumulate_word_count.wasm, grants: {state: true}}
  collect: {source: ./collect_sink.wasm, grants: {state: true}}
sources:
  tick: {plugin: ticker, config: {interval: 1s}}
  numbers: {plugin: random}
  timer: {type: timer, config: {interval: 1s}}
steps:
  parse: {plugin: lines}
  mean: {plugin: average, window: {count: 2}}
  count: {plugin: words}
sinks:
  keep: {plugin: collect, config: {most: 3}}
  shared: {plugin: collect, scope: pipeline}
  common: {plugin: collect, scope: plugin}
  file: {type: file, config: {path: FOLDER/out.jsonl}}
"""


@pytest.fixture
def opener(tmp_path, c_guest, runtime):
    """Makes an opener of a project of examples; what it opens is closed with the runtime."""
    for name in EXAMPLES:
        shutil.copy(c_guest(name), tmp_path / f"{name}.wasm")

    def made(head=HEAD, more="", environ=None, **given):
        file = tmp_path / "wardian.yaml"
        file.write_text(head.replace("FOLDER", str(tmp_path)) + textwrap.dedent(more))
        project = load(file, types=TYPES).project
        secrets, _ = secret_reading.read(project, environ or {})
        return Opener(project, secrets, runtime, Descriptions(project.plugins), **given)

    return made


@pytest.fixture
def keep():
    """Closes what it is given, at the end."""
    kept = []
    yield lambda use: kept.append(use) or use
    for use in kept:
        use.close()


def member(role, name, use_name=None):
    return SimpleNamespace(role=role, name=name, use_name=use_name or name)


def scopes(opener):
    return sorted((each.scope.plugin, each.scope.instance) for each in opener.runtime._store.scopes())


def test_uses_are_of_their_kinds_with_their_configuration_and_say_what_runs(opener, keep):
    made = opener()
    source = keep(made.source("a", "tick"))
    assert (source.kind, source.config, source.version) == ("source", {"interval": "1s"}, "0.1.0")
    assert len(source.digest) == 64
    for name, kind in (("parse", Processor), ("mean", Aggregator), ("count", Function)):
        assert type(keep(made.step("a", name, name))) is kind
    assert keep(made.sink("a", "keep")).config == {"most": 3}


def test_sources_and_sinks_of_the_host_are_opened_as_well(opener, keep, tmp_path):
    made = opener()
    assert keep(made.source("a", "timer", resume=None)).kind == "source"
    sink = keep(made.sink("a", "file"))
    assert sink.write([Record("one")]) == [None]
    sink.close()
    assert (tmp_path / "out.jsonl").read_text() == '{"data": "one"}\n'


def test_two_pipelines_that_name_the_same_use_share_no_state(opener, keep):
    made = opener()
    for pipeline in ("a", "b"):
        sink = keep(made.sink(pipeline, "keep"))
        assert sink.write([Record(each) for each in "123"]) == [None] * 3
    assert scopes(made) == [("collect", "a/keep"), ("collect", "b/keep")]


def test_a_step_that_stands_twice_has_state_of_its_own_each_time(opener, keep):
    made = opener()
    for instance in ("mean", "mean-2"):
        step = keep(made.step("a", instance, "mean"))
        step.add([Record(1.0)])
        assert step.flush()[0].data["count"] == 1
        step.add([Record(1.0)])
    assert scopes(made) == [("average", "a/mean"), ("average", "a/mean-2")]


def test_a_scope_of_the_pipeline_or_the_plugin_is_shared_by_uses_that_are_open_at_once(opener, keep):
    made = opener()
    for pipeline, instance, use in (("a", "s1", "shared"), ("a", "s2", "shared"), ("b", "s1", "shared"),
        ("a", "c", "common"), ("b", "c", "common")):  # fmt: skip
        keep(made.sink(pipeline, use, instance=instance)).write([Record("x")])
    assert scopes(made) == [("collect", "/"), ("collect", "a/"), ("collect", "b/")]


def test_a_new_one_is_opened_while_the_old_one_is_open_and_has_its_state(opener, keep):
    made = opener()
    old, new = keep(made.sink("a", "keep")), keep(made.sink("a", "keep"))
    assert old.write([Record("1"), Record("2")]) == [None, None]
    old.close()
    assert [each and each.kind for each in new.write([Record("3"), Record("4")])] == [None, "exhausted"]


def test_all_members_are_opened_or_none_and_every_problem_is_told(opener, runtime):
    made = opener(HEAD.replace("most: 3", "most: lots").replace("interval: 1s}}", "intervall: 1s}}", 1))
    members = [member("source", "tick"), member("step", "parse"), member("sink", "keep")]
    with pytest.raises(wardian.ConfigError) as caught:
        made.open("a", members)
    assert len(caught.value.problems) == 2
    assert caught.value.where == "a"
    assert [each.closed for each in runtime._plugins] == [True] * len(runtime._plugins)


def test_members_are_known_by_their_names_in_the_pipeline_and_sources_resume(opener, keep):
    offsets = {"tick": {"count": 41}}
    members = [member("source", "tick"), member("step", "parse-2", "parse"), member("sink", "keep")]
    opened = opener().open("a", members, offset=offsets.get)
    for each in opened.values():
        keep(each)
    assert list(opened) == ["tick", "parse-2", "keep"]
    assert opened["tick"].offset == {"count": 41}
    assert opened["parse-2"].instance == "a/parse-2"


def test_a_function_takes_the_data_of_a_record_and_gives_it(opener, keep):
    step = keep(opener().step("a", "count", "count"))
    values = [{"data": ["one two", " "], "key": "k"}, {"data": 7}, {"data": ["three", " "]}]
    first, second, third = step.process_values(values)
    assert (first, third) == ([{"data": 2, "key": "k"}], [{"data": 3}])
    assert second.kind == "invalid"


def test_a_module_that_says_nothing_is_what_its_use_makes_of_it(opener, keep, tmp_path):
    made = opener(more="")
    (tmp_path / "parse_lines.wasm").write_bytes(canned({"aggregator_add": None, "plugin_open": None}))
    made = opener(HEAD.replace("parse: {plugin: lines}", "parse: {plugin: lines, window: {every: 1s}}"))
    assert type(keep(made.step("a", "parse", "parse"))) is Aggregator
    made = opener()
    with pytest.raises(wardian.PackageError, match="is no processor"):
        made.step("a", "parse", "parse")


def test_a_plugin_that_refuses_its_configuration_is_not_opened_and_one_that_warns_is(opener, keep, tmp_path):
    warned = []
    for level in ("error", "warn"):
        remarks = [[LOG_LEVELS.index(level), "not wise"]]
        wasm = canned({"plugin_check": remarks, "processor_process": []}, "processor cut")
        (tmp_path / "parse_lines.wasm").write_bytes(wasm)
        made = opener(warn=warned.append)
        if level == "error":
            with pytest.raises(wardian.ConfigError, match=r"refuses the configuration of `steps\.parse`"):
                made.step("a", "parse", "parse")
        else:
            keep(made.step("a", "parse", "parse"))
    assert warned == ["steps.parse: warn: not wise"]


def test_what_is_not_granted_is_told_with_how_to_grant_it(opener):
    made = opener(HEAD.replace("{source: ./collect_sink.wasm, grants: {state: true}}", "{source: ./collect_sink.wasm}"))
    with pytest.raises(wardian.PermissionDenied) as caught:
        made.sink("a", "keep")
    assert "add `state` to `plugins.collect.grants`" in caught.value.hint


def test_a_secret_that_fits_no_schema_is_in_no_error(opener):
    head = HEAD.replace("most: 3", 'most: "${secret:key}"') + "secrets: {key: {env: KEY}}\n"
    made = opener(head, environ={"KEY": "k3y-of-k3ys"})
    with pytest.raises(wardian.ConfigError) as caught:
        made.sink("a", "keep")
    assert "k3y" not in str(caught.value)


def test_what_is_disabled_or_not_there_is_not_opened(opener):
    made = opener(HEAD.replace("{plugin: lines}", "{plugin: lines, enabled: false}").replace("./ticker.wasm",
        "./ticker.wasm, enabled: false"))  # fmt: skip
    with pytest.raises(wardian.ConfigError, match=r"`steps\.parse` is disabled"):
        made.step("a", "parse", "parse")
    with pytest.raises(wardian.ConfigError, match="the plugin `ticker` is disabled"):
        made.source("a", "tick")
    with pytest.raises(wardian.ConfigError, match="there is no `kep` in `sinks`") as caught:
        made.sink("a", "kep")
    assert caught.value.hint == "did you mean `keep`?"
