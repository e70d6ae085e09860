"""Commands: run where the operator allows them, in bounds, in an environment that holds no secrets."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from wardian.errors import Cancelled, ExpressionError
from wardian.tasks import shell as shells
from wardian.tasks.cancellation import Cancellation
from wardian.tasks.shell import Shell


@pytest.fixture
def shell(tmp_path):
    return Shell(tmp_path, Cancellation())


def test_a_command_gives_what_it_prints_without_the_last_line_ends(shell):
    assert shell("printf 'a\\n b\\n\\n'") == "a\n b"


def test_a_command_runs_in_the_folder_of_the_project(shell, tmp_path):
    assert shell("pwd -P") == str(tmp_path.resolve())


def test_a_command_sees_no_variable_that_is_not_on_the_list(shell, monkeypatch):
    monkeypatch.setenv("API_TOKEN", "s3cret-token")
    monkeypatch.setenv("LANG", "C.UTF-8")
    names = {line.partition("=")[0] for line in shell("env").splitlines()}
    assert names <= {"PATH", "HOME", "USER", "TMPDIR", "LANG", "LC_ALL", "TZ", "PWD", "OLDPWD", "SHLVL", "_"}
    assert "LANG" in names


def test_a_command_reads_nothing(shell):
    assert shell("cat") == ""


def test_a_command_that_fails_is_an_error_with_its_code_and_its_last_word(shell):
    with pytest.raises(ExpressionError, match="the command ended with 3: no such luck") as caught:
        shell("echo first >&2; echo no such luck >&2; exit 3")
    assert caught.value.kind == "invalid"
    assert "exit 3" in caught.value.where


def test_a_command_that_is_killed_is_an_error(shell):
    with pytest.raises(ExpressionError, match="ended by signal 9"):
        shell("kill -9 $$")


def test_a_command_is_run_once_for_a_job(shell, tmp_path):
    for _ in range(3):
        assert shell("echo x >> ran; echo done") == "done"
    assert (tmp_path / "ran").read_text() == "x\n"


def test_whether_a_command_succeeds(shell):
    assert shell.succeeds("true")
    assert not shell.succeeds("echo failed >&2; exit 7")


def test_output_is_bounded(shell):
    with pytest.raises(ExpressionError, match="printed more than 65536 bytes") as caught:
        shell("while :; do echo xxxxxxxxxxxxxxxx; done")
    assert caught.value.kind == "exhausted"


def test_output_to_the_error_stream_is_bounded_too(shell):
    with pytest.raises(ExpressionError, match="printed more than"):
        shell("while :; do echo xxxxxxxxxxxxxxxx >&2; done")


def test_time_is_bounded(shell, monkeypatch):
    monkeypatch.setattr(shells, "MOST_TIME", 0.1)
    start = time.monotonic()
    with pytest.raises(ExpressionError, match=r"took more than 0\.1 s"):
        shell("sleep 60")
    assert time.monotonic() - start < 30


def test_a_command_ends_with_its_job(tmp_path):
    cancellation = Cancellation()
    threading.Timer(0.1, cancellation.cancel).start()
    start = time.monotonic()
    with pytest.raises(Cancelled):
        Shell(tmp_path, cancellation)("sleep 60")
    assert time.monotonic() - start < 30


def test_what_a_command_leaves_in_the_background_is_ended_and_not_waited_for(shell):
    start = time.monotonic()
    process = Path("/proc") / shell("sleep 600 & echo $!")
    assert time.monotonic() - start < 60
    while process.exists() and "(sleep) Z" not in (process / "stat").read_text():
        assert time.monotonic() - start < 60, "it still runs"
        time.sleep(0.02)


def test_bytes_that_are_no_text_are_replaced(shell):
    assert shell("printf 'a\\377b'") == "a�b"


def test_a_zero_character_is_refused_before_anything_runs(shell):
    with pytest.raises(ExpressionError, match="no zero character"):
        shell("echo \0")


def test_a_folder_that_is_gone_is_an_error_of_the_expression(tmp_path):
    with pytest.raises(ExpressionError, match="no shell can be run"):
        Shell(tmp_path / "gone", Cancellation())("true")
