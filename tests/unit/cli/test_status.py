"""`wardian status` shows what the engine of a state directory does."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

from support.statuses import status
from wardian.cli.main import perform
from wardian.engine.control import Control
from wardian.engine.status_reading import read_status


@pytest.fixture
def engine(tmp_path, monkeypatch):
    """A folder with a wardian.yaml whose engine runs."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wardian.yaml").write_text("version: 1\n")
    state = tmp_path / ".wardian"
    state.mkdir()
    shown = status()
    with Control(state, {"status": lambda _: shown.as_dict()}):
        yield shown


def watching(*options):
    command = [sys.executable, "-m", "wardian", "status", "--watch", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_the_state_directory_is_beside_the_nearest_file(engine, capsys, monkeypatch, tmp_path):
    (tmp_path / "inner").mkdir()
    monkeypatch.chdir(tmp_path / "inner")
    assert perform(["status"]) == 0
    assert "words  running  at_least_once" in capsys.readouterr().out


def test_json_is_the_whole_status(engine, capsys):
    assert perform(["status", "--json"]) == 0
    assert read_status(json.loads(capsys.readouterr().out)) == engine


def test_a_state_directory_may_be_named(engine, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir("/")
    assert perform(["status", "--state", str(tmp_path / ".wardian")]) == 0
    assert "process 42" in capsys.readouterr().out


def test_where_nothing_runs_the_exit_code_and_the_hint_say_so(tmp_path, capsys):
    assert perform(["status", "--state", str(tmp_path)]) == 8
    told = capsys.readouterr().err
    assert "error: no engine runs on this state directory" in told
    assert "hint: start it with `wardian up`" in told


def test_watching_looks_again_and_again_until_ctrl_c(engine):
    with watching() as watched:
        heads = [line for line, _ in zip(watched.stdout, range(30), strict=False) if line.startswith("wardian 0.1.0")]
        assert len(heads) >= 2
        os.kill(watched.pid, signal.SIGINT)
        assert watched.wait(30) == 0


def test_watching_as_json_has_a_line_for_each_look(engine):
    with watching("--json") as watched:
        assert [read_status(json.loads(watched.stdout.readline())) for _ in range(2)] == [engine, engine]
        os.kill(watched.pid, signal.SIGINT)
        assert watched.wait(30) == 0


def test_watching_outlasts_an_engine_that_is_gone(tmp_path):
    with watching("--state", str(tmp_path)) as watched:
        assert "no engine runs" in watched.stderr.readline()
        shown = status()
        with Control(tmp_path, {"status": lambda _: shown.as_dict()}):
            assert watched.stdout.readline().startswith("wardian 0.1.0")
        os.kill(watched.pid, signal.SIGINT)
        assert watched.wait(30) == 0
