"""`wardian plan` draws what would run, and runs none of it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from support.plans import HEAD, planned
from wardian.cli.plan import plan

TEXT = """\
pipelines:
  a: {sources: [timer], steps: [parse], sinks: [lines]}
  z: {sources: [in], sinks: [out], enabled: false}
"""


@pytest.fixture
def drawn(tmp_path, monkeypatch):
    """What `wardian plan` writes for a text behind `HEAD`, and its exit code."""

    def run(text, *words, symbols=("processor cut",), head=HEAD):
        planned(tmp_path, text, *symbols, head=head)
        monkeypatch.chdir(tmp_path)
        done = CliRunner().invoke(plan, words, standalone_mode=False)
        assert done.exception is None, done.exception
        return done.output, done.return_value

    return run


def test_it_draws_each_pipeline_and_what_is_loaded(drawn):
    said, code = drawn(TEXT)
    assert code == 0
    for line in (
        "  step    parse  processor p       <- timer", "pipeline z: disabled: `pipelines.z.enabled` is false",
        "  granted: nothing", "  for a/parse",
    ):  # fmt: skip
        assert line in said.splitlines()
    assert "loads p 1.2.3 from ./p.wasm: sha256 " in said


def test_as_json_it_is_all_of_that(drawn):
    said, _ = drawn(TEXT, "--json")
    told = json.loads(said)
    assert [each["name"] for each in told["pipelines"]] == ["a"]
    assert told["disabled"] == ["z"]
    assert (told["loaded"][0]["plugin"], told["loaded"][0]["version"]) == ("p", "1.2.3")


def test_as_mermaid_it_is_the_graph_alone(drawn):
    said, _ = drawn(TEXT, "--mermaid")
    assert said.startswith("flowchart LR\n")
    assert "loads" not in said


def test_a_setting_changes_the_plan(drawn):
    said, _ = drawn(TEXT, "--set", "pipelines.z.enabled=true", symbols=("processor cut", "source s", "sink t"))
    assert "pipeline z: at_least_once" in said


def test_a_pipeline_that_cannot_run_or_load_is_told_and_has_the_exit_code_of_a_wrong_configuration(drawn):
    assert drawn(TEXT, symbols=("aggregator sum",))[1] == 5
    said, code = drawn(TEXT, head=HEAD.replace("./p.wasm", "./gone.wasm"))
    assert code == 5
    assert "loads p from ./gone.wasm: cannot be read: there is no such file" in said


def test_without_pipelines_it_says_so(drawn):
    said, code = drawn("", head="version: 1\n")
    assert (said, code) == ("there are no pipelines\n", 0)
