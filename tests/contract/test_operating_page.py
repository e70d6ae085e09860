"""The tables of docs/operating.md are those of the code, its commands run, and its lines are what is written."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

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


def block(info):
    """The text of the page's block of this kind."""
    return re.search(rf"^```{info}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)[1]


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


@pytest.mark.parametrize("line", block("sh running").splitlines())
def test_the_commands_are_those_of_the_code(line, tmp_path, monkeypatch, capsys):
    words = shlex.split(line)[1:]
    parsed = app.commands[words[0]].make_context(words[0], words[1:])
    if parsed.params["watch"]:
        return  # looks until it is interrupted, which tests/unit/cli/test_status.py has
    state = tmp_path / ".wardian"
    state.mkdir()
    (tmp_path / "wardian.yaml").write_text("version: 1\n")
    monkeypatch.chdir(tmp_path)
    with Control(state, {"status": lambda _: status().as_dict()}):
        assert perform([str(state) if word.startswith("/") else word for word in words]) == 0
    assert "words" in capsys.readouterr().out


def test_the_lines_of_a_log_are_as_they_are_written():
    entry = Entry(1_769_860_800.25, "info", "counted 3 words", "words", "count", "counter", {"lines": 3})
    assert block("text") == f"{as_text(entry)}\n"
    assert json.loads(block("json")) == json.loads(as_json(entry))


def test_the_names_of_traces_are_those_of_the_code():
    assert f"{EXPORTER}=otlp" in block("sh traced")
    assert f"`meta.{KEY}`" in PAGE
