"""`wardian task`, from its options to its output."""

from __future__ import annotations

import json

import pytest

from support.projects import Folder
from wardian.cli.main import perform

TASKS = """
vars: {name: World}
actions: {hi: {plugin: obedient, symbol: do}}
tasks:
  hello: [{action: hi, params: {do: greet, with: Ada}}]
  tells: [{action: hi, params: {do: get, with: name}}]
  fails: [{action: hi, params: {do: say, with: x}}, {action: hi, params: {do: fail, with: no luck}}]
  later: [{task: hello, if: name == 'Bob'}]
"""


@pytest.fixture
def folder(tmp_path, c_guest, cache, monkeypatch):
    made = Folder(tmp_path, c_guest, cache)
    made.open(TASKS).close()
    monkeypatch.chdir(tmp_path)
    return made


def replies(out):
    return [job["reply"] for job in json.loads(out)["jobs"]]


def test_the_run_is_told_on_standard_output_and_the_file_on_standard_error(folder, capsys):
    assert perform(["task", "hello"]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[:3] == ["Running task hello", "- hi", "  info   obedient  Hello, Ada"]
    assert out.splitlines()[3].startswith("success: task hello succeeded in ")
    assert err == "using wardian.yaml\n"


def test_the_nearest_file_upwards_is_taken_and_named(folder, capsys, monkeypatch):
    below = folder.path / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert perform(["task", "hello"]) == 0
    assert capsys.readouterr().err == "using ../../wardian.yaml\n"


def test_json_is_alone_on_standard_output(folder, capsys):
    assert perform(["task", "tells", "--json", "--var", "name=a=b", "--file", "wardian.yaml"]) == 0
    out, err = capsys.readouterr()
    assert replies(out) == ["a=b"]
    assert "Running task tells" in err


@pytest.mark.parametrize(
    ("given", "known"), [("Bob", "Bob"), ("3", 3), ("true", True), ("1.10", "1.10"), ("007", "007"), ('"3"', "3")]
)
def test_a_variable_is_json_or_text_and_is_written_as_it_was_given(folder, capsys, given, known):
    assert perform(["task", "tells", "--json", "-q", "--var", f"name={given}"]) == 0
    assert replies(capsys.readouterr().out) == [known]


def test_quiet_says_nothing_but_what_was_asked_for(folder, capsys):
    assert perform(["task", "hello", "-q"]) == 0
    assert capsys.readouterr() == ("", "")


def test_a_failure_is_told_with_its_hint_and_the_results_so_far(folder, capsys):
    assert perform(["task", "fails", "--json"]) == 1
    out, err = capsys.readouterr()
    assert [job["status"] for job in json.loads(out)["jobs"]] == ["succeeded", "failed"]
    assert "error: task `fails` returned an error on step 2: obedient: action_call: [invalid] no luck" in err


def test_a_job_whose_condition_does_not_hold_is_said_to_be_left_out(folder, capsys):
    assert perform(["task", "later"]) == 0
    assert "- task hello: skipped" in capsys.readouterr().out.splitlines()
    assert perform(["task", "later", "--var", "name=Bob"]) == 0
    assert "  Running task hello" in capsys.readouterr().out.splitlines()


def test_what_the_file_says_can_be_set(folder, capsys):
    assert perform(["task", "hello", "--set", "actions.hi.config.greeting=Ahoy"]) == 0
    assert "Ahoy, Ada" in capsys.readouterr().out


def test_the_environment_sets_what_the_file_says_too(folder, capsys, monkeypatch):
    monkeypatch.setenv("WARDIAN__ACTIONS__HI__CONFIG__GREETING", "Hey")
    assert perform(["task", "hello"]) == 0
    assert "Hey, Ada" in capsys.readouterr().out


@pytest.mark.parametrize("given", ["name", "=x"])
def test_a_variable_without_a_value_is_a_wrong_command_line(folder, capsys, given):
    assert perform(["task", "hello", "--var", given]) == 2
    assert "expected `name=value`" in capsys.readouterr().err


def test_a_task_that_is_not_there_is_told_with_those_that_are(folder, capsys):
    assert perform(["task", "helo"]) == 5
    assert "hint: did you mean `hello`?" in capsys.readouterr().err


def test_a_grant_that_is_missing_is_told_in_words_of_the_file(folder, capsys):
    folder.file.write_text(folder.file.read_text().replace("actions: true", "actions: false"))
    assert perform(["task", "hello"]) == 4
    err = capsys.readouterr().err
    assert "wardian.action_call" in err
    assert "plugins.obedient.grants" in err
    assert "--grant" not in err


def test_a_state_file_is_made_only_where_state_is_granted(folder, capsys, tmp_path):
    state = tmp_path / "state.sqlite"
    assert perform(["task", "hello", "--state", str(state)]) == 0
    assert not state.exists()
    folder.file.write_text(folder.file.read_text().replace("grants: {", "grants: {state: true, "))
    assert perform(["task", "hello", "--state", str(state)]) == 0
    assert state.exists()
