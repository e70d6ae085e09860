"""`wardian tasks` lists what a file has, and what keeps it from being run."""

from __future__ import annotations

import json

import pytest

from support.projects import Folder
from wardian.cli.main import perform
from wardian.cli.options import complete_task
from wardian.cli.task import task

TASKS = """
tasks:
  build: [{action: 'obedient:do', description: builds it}, {task: test}]
  test: [{action: 'obedient:nothing'}]
"""


@pytest.fixture
def folder(tmp_path, c_guest, cache, monkeypatch):
    made = Folder(tmp_path, c_guest, cache)
    made.open(TASKS).close()
    monkeypatch.chdir(tmp_path)
    return made


def test_each_task_is_listed_with_its_jobs_and_its_problems_and_each_plugin_that_is_not_bound(folder, capsys):
    assert perform(["tasks"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ["build: builds it", "  - obedient:do", "  - task test"]
    assert lines[3].startswith("  cannot be run: no such action `obedient:nothing`")
    assert lines[-1] == "plugin slow: not bound: no task and no pipeline that is enabled needs it"


def test_json_has_the_same(folder, capsys):
    assert perform(["tasks", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(each["name"], each["jobs"]) for each in told["tasks"]] == [
        ("build", ["obedient:do", "task test"]),
        ("test", ["obedient:nothing"]),
    ]
    assert [(each["name"], each["state"]) for each in told["plugins"]] == [("obedient", "bound"), ("slow", "not bound")]
    assert told["file"] == str(folder.file)


def test_a_file_without_tasks_says_so(folder, capsys):
    folder.file.write_text("version: 1\n")
    assert perform(["tasks"]) == 0
    assert capsys.readouterr().out == "there are no tasks\n"


def test_the_shell_completes_the_names_of_tasks(folder, monkeypatch):
    context = task.make_context("task", [], resilient_parsing=True)
    assert complete_task(context, task.params[0], "") == ["build", "test"]
    assert complete_task(context, task.params[0], "b") == ["build"]
    folder.file.write_text("version: [")
    assert complete_task(context, task.params[0], "") == []
