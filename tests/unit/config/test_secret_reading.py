"""`wardian.config.secret_reading`: bounded, and silent about what was read."""

import contextlib
import os
import sys
import time
from pathlib import Path

import pytest

from wardian.config import secret_reading
from wardian.errors import ConfigError

SECRET = "correct-horse-battery-staple"


@pytest.fixture
def read(project):
    """Reads one secret, of which the text says where it is from."""

    def secret(source, **environ):
        made = project(f"secrets: {{s: {source}, unused: {{env: NOT_THERE}}}}\nvars: {{v: '${{secret:s}}'}}\n")
        secrets, warnings = secret_reading.read(made, environ)
        return secrets.filled(made.vars["v"]).value.reveal(), warnings

    return secret


@pytest.fixture
def refused(read):
    """The problem with one secret."""

    def problem(source, **environ):
        with pytest.raises(ConfigError) as caught:
            read(source, **environ)
        assert SECRET not in str(caught.value)
        (only,) = caught.value.problems
        assert (only.line, only.path) == (2, "secrets.s")
        return only

    return problem


def python(code):
    return "{command: ['" + sys.executable + "', -c, \"" + code + '"]}'


def test_the_environment_files_and_commands_give_secrets(read, tmp_path):
    (tmp_path / "token").write_text(SECRET + "\n")
    (tmp_path / "token").chmod(0o600)
    assert read("{env: TOKEN}", TOKEN=SECRET) == (SECRET, [])
    assert read("{file: token}") == (SECRET, [])
    assert read(python(f"print('{SECRET}')")) == (SECRET, [])


def test_one_line_feed_at_the_end_is_left_out_and_nothing_else(read, tmp_path):
    (tmp_path / "token").write_text(" two\nlines \n\n")
    assert read("{file: token}")[0] == " two\nlines \n"


def test_what_nobody_asks_for_is_not_read(project):
    made = project("secrets: {s: {command: [/nonexistent]}}")
    assert repr(secret_reading.read(made, {})[0]) == "<Secrets none>"


def test_a_file_that_everybody_can_read_and_a_short_secret_are_warnings(read, tmp_path):
    (tmp_path / "token").write_text("short")
    (tmp_path / "token").chmod(0o644)
    _, warnings = read("{file: token}")
    assert sorted(each.path for each in warnings) == ["secrets.s", "secrets.s.file"]
    assert any(each.hint == "chmod o-r token" for each in warnings)


def test_what_is_not_there_is_empty_or_too_large_is_told(refused, tmp_path):
    (tmp_path / "large").write_bytes(b"x" * (secret_reading.MOST + 1))
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    (tmp_path / "empty").write_text("\n")
    assert "`TOKEN`" in refused("{env: TOKEN}").expected
    assert refused("{env: TOKEN}", TOKEN="").found == "an empty text"
    assert refused("{file: empty}").found == "an empty text"
    assert refused("{file: large}").expected == "a secret of at most 64 KiB"
    assert refused("{file: bytes}").expected == "a secret in UTF-8"
    assert refused("{file: none}").found == "No such file or directory"
    assert refused("{file: .}").expected == "a file"


def test_a_pipe_that_nobody_writes_to_is_not_waited_for(refused, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert refused("{file: pipe}").expected == "a file"


def test_a_command_that_fails_or_is_none_is_told_without_what_it_said(refused):
    assert (
        refused(python(f"import sys; print('{SECRET}'); print('{SECRET}', file=sys.stderr); sys.exit(3)")).found == "3"
    )
    assert refused("{command: [/nonexistent]}").found == "No such file or directory"
    assert refused(python("pass")).found == "an empty text"


def test_a_command_that_says_too_much_is_ended(refused):
    assert refused(python("while True: print('x' * 1000)")).found == "more"


def test_a_command_has_its_time_and_takes_what_it_started_with_it(refused, monkeypatch, tmp_path):
    monkeypatch.setattr(secret_reading, "SECONDS", 1.0)
    code = (
        "import subprocess, time; p = subprocess.Popen(['sleep', '600']); "
        "open('pid', 'w').write(str(p.pid)); time.sleep(600)"
    )
    started = time.monotonic()
    assert "ends within 1 s" in refused(python(code)).expected
    assert time.monotonic() - started < 60
    pid = int((tmp_path / "pid").read_text())
    for _ in range(100):
        state = "gone"
        with contextlib.suppress(FileNotFoundError):
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        if state in ("gone", "Z"):
            break
        time.sleep(0.1)
    assert state in ("gone", "Z")


def test_a_command_has_no_shell_and_no_input(read):
    assert read(python("import sys; print(sys.argv[1:], sys.stdin.read())").replace("]}", ", '$(id); *']}"))[0] == (
        "['$(id); *'] "
    )
