"""What an author types: `wardian build --watch` and `wardian dev`, until Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time

import pytest

from support.authors import SOURCE, begun
from support.commands import command, wardian

SECONDS = 60


@pytest.fixture
def start(tmp_path, monkeypatch):
    """Starts a command beside a plugin; gives a function that waits for what it says, and one that stops it."""
    begun(tmp_path / "greet")
    monkeypatch.chdir(tmp_path)
    processes = []

    def started(*words):
        out = tmp_path / "out.txt"
        with out.open("wb") as file:
            process = subprocess.Popen(command(*words), stdout=file, stderr=file, env=os.environ)
        processes.append(process)

        def said(text, times=1):
            until = time.monotonic() + SECONDS
            while out.read_text().count(text) < times:
                assert time.monotonic() < until, out.read_text()
                assert process.poll() is None, out.read_text()
                time.sleep(0.02)

        def stop(sent=signal.SIGINT):
            process.send_signal(sent)
            return process.wait(SECONDS)

        return said, stop

    yield started
    for each in processes:
        each.kill()
        each.wait()


def test_each_change_is_built_until_ctrl_c(start, tmp_path):
    said, stop = start("build", "greet", "--watch")
    said("waiting for a change")
    (tmp_path / "greet" / "greet.wat").write_text("(module (oops))")
    said("error: the text cannot be read")
    (tmp_path / "greet" / "greet.wat").write_text(SOURCE)
    said("built greet/greet.wasm", times=2)
    said("waiting for a change", times=3)
    assert stop() == 0


def test_each_change_is_built_and_run_until_ctrl_c(start, tmp_path):
    said, stop = start("dev", "greet")
    said("2 cases passed")
    said("waiting for a change")
    (tmp_path / "greet" / "greet.wat").write_text(SOURCE.replace("Hi", "Ho"))
    said("0 of 2 cases passed")
    said("waiting for a change", times=2)
    assert stop() == 0


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_call_that_goes_on_for_ever_is_ended_with_it(start, tmp_path, sent):
    spins = SOURCE.replace("(i64.const 0x800000003)", "(loop (br 0)) (unreachable)")
    (tmp_path / "greet" / "greet.wat").write_text(spins)
    (tmp_path / "greet" / "cases.yaml").write_text(
        "cases: [{name: spins, entry: action_call, limits: {deadline: 50s}}]"
    )
    said, stop = start("dev", "greet")
    said("built ")
    time.sleep(0.5)  # the call has begun, or is about to
    assert stop(sent) == 0


def test_tests_in_a_folder_say_what_they_should(tmp_path, monkeypatch):
    begun(tmp_path / "greet")
    monkeypatch.chdir(tmp_path)
    done = wardian("test", "greet", "--json", "--no-promises")
    assert done.returncode == 0
    assert [each["passed"] for each in json.loads(done.stdout)["cases"]] == [True, True]
    (tmp_path / "greet" / "cases.yaml").write_text("cases: [{name: a, entry: action_call, output: null}]")
    done = wardian("test", "greet")
    assert done.returncode == 1
    assert b"FAILED  a  cases.yaml:1" in done.stdout
    (tmp_path / "greet" / "greet.wat").write_text("(module (oops))")
    done = wardian("test", "greet")
    assert (done.returncode, done.stdout) == (10, b"")
    assert b"error: the text cannot be read" in done.stderr
