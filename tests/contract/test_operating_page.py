"""The tables of docs/operating.md are those of the code, its commands run, and its lines are what is written."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import click
import pytest

from support.statuses import status
from wardian.cli.main import app, perform
from wardian.cli.status_lines import HEAD
from wardian.engine.control import Control
from wardian.engine.log_form import Entry, as_json, as_text
from wardian.engine.metrics import METRICS
from wardian.pipeline.trace_export import EXPORTER
from wardian.pipeline.tracing import KEY

PAGE = (Path(__file__).parents[2] / "docs" / "operating.md").read_text("utf-8")


def blocks(info):
    """The texts of the page's blocks of this kind."""
    return re.findall(rf"^```{info}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def rows(heading):
    """The cells of each row of the table under the heading."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_each_metric_is_told_as_the_code_has_it_and_no_other():
    assert rows("Metrics") == [
        [f"`{each.name}`", each.type, ", ".join(f"`{label}`" for label in each.labels), each.meaning]
        for each in METRICS
    ]


def test_each_column_of_the_status_is_told():
    told = [name for first, _ in rows("Status") for name in re.findall(r"`([^`]+)`", first)]
    assert sorted(told) == sorted(set(HEAD) - {"member", "kind"})


@pytest.mark.parametrize("line", [line for block in blocks("sh console") for line in block.splitlines()])
def test_each_command_and_its_options_are_those_of_the_code(line):
    command, words = app, shlex.split(line)[1:]
    while isinstance(command, click.Group):
        command = command.commands[words.pop(0)]
    command.make_context(command.name, words)


@pytest.mark.parametrize("words", [["status"], ["status", "--json"]])
def test_the_status_is_that_of_the_state_beside_the_file(words, tmp_path, monkeypatch, capsys):
    state = tmp_path / ".wardian"
    state.mkdir()
    (tmp_path / "wardian.yaml").write_text("version: 1\n")
    monkeypatch.chdir(tmp_path)
    with Control(state, {"status": lambda _: status().as_dict()}):
        assert perform(words) == 0
    assert "words" in capsys.readouterr().out


def test_the_lines_of_a_log_are_as_they_are_written():
    entry = Entry(1_769_860_800.25, "info", "counted 3 words", "words", "count", "counter", {"lines": 3})
    assert f"{as_text(entry)}\n" in blocks("text")
    assert json.loads(as_json(entry)) in map(json.loads, blocks("json"))


def test_the_names_of_traces_are_those_of_the_code():
    assert f"{EXPORTER}=otlp" in blocks("sh traced")[0]
    assert f"`meta.{KEY}`" in PAGE
