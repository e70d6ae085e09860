"""A2: what Gilbert does with the `hello-world` action of its example plugin, done by `wardian task` and real guests.

Each clause of the scenario is a class of tests, which has its number.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest

import wardian
from support.packages import with_package
from wardian.plugins import description
from wardian.tasks.events import Logged, Warned

HELLO = """
version: 1
vars: {name: World}
plugins:
  example-plugin: {source: ./hello_world.wasm, grants: {template: true}}
  slow: {source: ./slow.wasm, limits: {deadline: 30s}}
tasks:
  hello-world:
    - {action: 'example-plugin:hello-world', params: {message: 'Hello, {{ name }}'}}
"""


class Folder:
    """A project in a folder of its own, run as it is typed."""

    def __init__(self, path):
        self.path = path
        self.write(HELLO)

    def write(self, text):
        (self.path / "wardian.yaml").write_text(text, "utf-8")

    def tasks(self, text):
        self.write(HELLO.partition("tasks:")[0] + "tasks:\n" + text)

    def command(self, *words):
        return [sys.executable, "-m", "wardian", "task", *words, "--state", ":memory:"]

    def run(self, *words):
        """Exit code, and all that was printed."""
        done = subprocess.run(
            self.command(*words), cwd=self.path, capture_output=True, text=True, timeout=120, check=False
        )
        return done.returncode, done.stdout + done.stderr

    def open(self):
        return wardian.Project.open(self.path / "wardian.yaml", environ={})


@pytest.fixture
def folder(tmp_path, c_guest):
    shutil.copy(c_guest("hello_world"), tmp_path / "hello_world.wasm")
    shutil.copy(c_guest("slow"), tmp_path / "slow.wasm")
    return Folder(tmp_path)


def lines(text):
    return [line.strip() for line in text.splitlines()]


class TestClause1:
    """A2.1"""

    def test_the_run_prints_its_task_its_job_the_message_and_its_success_and_ends_with_0(self, folder):
        code, said = folder.run("hello-world")
        assert code == 0
        told = lines(said)
        assert "Running task hello-world" in told
        assert "- example-plugin:hello-world" in told
        assert "info   example-plugin  Hello, World" in told
        assert any(re.fullmatch(r"success: task hello-world succeeded in .*s", line) for line in told)

    def test_an_action_that_does_not_expand_its_message_prints_the_placeholder(self, folder):
        folder.write(HELLO.replace("example-plugin:hello-world'", "example-plugin:hello-world-literal'"))
        code, said = folder.run("hello-world")
        assert code == 0
        assert "info   example-plugin  Hello, {{ name }}" in lines(said)

    def test_the_host_expands_the_parameters_of_a_job_that_says_so(self, folder):
        folder.write(
            HELLO.replace(
                "{action: 'example-plugin:hello-world'", "{expand: true, action: 'example-plugin:hello-world-literal'"
            )
        )
        code, said = folder.run("hello-world")
        assert code == 0
        assert "info   example-plugin  Hello, World" in lines(said)


class TestClause2:
    """A2.2"""

    @pytest.mark.parametrize(
        ("own", "words", "greeted"),
        [(None, ("--var", "name=Bob"), "Bob"), ("Eve", (), "Eve"), ("Eve", ("--var", "name=Bob"), "Bob")],
    )
    def test_the_nearest_value_of_a_variable_counts_and_that_of_the_command_line_most(
        self, folder, own, words, greeted
    ):
        if own:
            folder.write(HELLO.replace("params: {", f"vars: {{name: {own}}}, params: {{"))
        code, said = folder.run("hello-world", *words)
        assert code == 0
        assert f"info   example-plugin  Hello, {greeted}" in lines(said)


class TestClause3:
    """A2.3"""

    def test_a_variable_that_is_not_defined_fails_the_task_on_its_step(self, folder):
        folder.write(HELLO.replace("{{ name }}", "{{ missing }}"))
        code, said = folder.run("hello-world")
        assert code == 1
        assert "task `hello-world` returned an error on step 1: " in said
        assert "`missing` is not defined" in said
        assert "success" not in said


class TestClause4:
    """A2.4"""

    def test_names_of_parameters_match_in_any_case(self, folder):
        folder.write(HELLO.replace("message:", "MESSAGE:"))
        code, said = folder.run("hello-world")
        assert code == 0
        assert "info   example-plugin  Hello, World" in lines(said)

    def test_an_action_that_is_not_there_is_refused_with_those_that_are(self, folder):
        folder.write(HELLO.replace("example-plugin:hello-world'", "example-plugin:helo-world'"))
        code, said = folder.run("hello-world")
        assert code == 5
        assert "no such action `example-plugin:helo-world`" in said
        assert "did you mean `example-plugin:hello-world`?" in said
        assert "Running task" not in said

    def test_an_action_of_a_plugin_that_is_not_there_is_refused_too(self, folder):
        folder.write(HELLO.replace("'example-plugin:hello-world'", "'other-plugin:hello-world'"))
        code, said = folder.run("hello-world")
        assert code == 5
        assert "no such action `other-plugin:hello-world`" in said

    def test_a_plugin_is_found_by_the_last_part_of_its_own_name(self, folder):
        folder.write(HELLO.replace("example-plugin:", "mine:", 1).replace("'example-plugin:", "'hello_world:"))
        code, said = folder.run("hello-world")
        assert code == 0
        assert "info   mine  Hello, World" in lines(said)

    def test_a_plugin_without_a_name_is_refused(self, folder):
        named = folder.path / "hello_world.wasm"
        told = description.read(named.read_bytes()).to_value()
        named.write_bytes(with_package(named.read_bytes(), told | {"name": ""}))
        code, said = folder.run("hello-world")
        assert code == 3
        assert "name: expected `organization/name`" in said

    def test_an_action_that_two_plugins_offer_is_refused_and_both_are_named(self, folder):
        shutil.copy(folder.path / "hello_world.wasm", folder.path / "again.wasm")
        second = "plugins:\n  hello_world: {source: ./again.wasm, grants: {template: true}}"
        folder.write(HELLO.replace("plugins:", second).replace("'example-plugin:", "'hello_world:"))
        code, said = folder.run("hello-world")
        assert code == 5
        assert "`hello_world:hello-world` could mean two actions" in said
        assert "`hello_world` and `example-plugin`" in said


SLOW = "  slow:\n    - {action: 'slow:slow', params: {ms: 5000}, deadline: 200}\n"


class TestClause5:
    """A2.5"""

    def test_a_job_past_its_deadline_warns_calls_cancel_and_ends_within_a_second(self, folder):
        folder.tasks(SLOW)
        took = []
        with folder.open() as project:
            # The first run compiles the plugin, and on a busy machine another one may be late as well.
            for _ in range(4):
                events, start = [], time.monotonic()
                with pytest.raises(wardian.TaskFailed) as caught:
                    project.run_task("slow", on_event=events.append)
                took.append(time.monotonic() - start)
        told = [
            event.line.message if isinstance(event, Logged) else event.text
            for event in events
            if isinstance(event, (Logged, Warned))
        ]
        assert told == ["Job deadline exceeded", "Cancel callback call: deadline"]
        assert 0.2 <= min(took) < 1
        assert isinstance(caught.value.__cause__, wardian.DeadlineExceeded)

    def test_such_a_job_has_failed_although_its_cancel_succeeded(self, folder):
        """Gilbert calls it a success. What did not do what it should is none, and nobody would look."""
        folder.tasks(SLOW)
        code, said = folder.run("slow")
        assert code == 6
        assert "warning: Job deadline exceeded: slow:slow" in lines(said)
        assert "Cancel callback call" in said
        assert "task `slow` returned an error on step 1: " in said
        assert "success" not in said


BESIDE = """  beside:
    - {action: 'slow:slow', params: {ms: 300}, async: true, description: slowly}
    - {action: 'example-plugin:hello-world', params: {message: 'Hello, {{ name }}'}}
"""


class TestClause6:
    """A2.6"""

    def test_an_asynchronous_job_is_waited_for(self, folder):
        folder.tasks(BESIDE)
        code, said = folder.run("beside", "--json")
        assert code == 0
        told = lines(said)
        assert told.index("- slow:slow: slowly") < told.index("- example-plugin:hello-world")
        assert '"reply": 300' in said
        assert "info   example-plugin  Hello, World" in told

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_a_signal_cancels_each_running_job_once_and_exits(self, folder, number):
        folder.tasks(BESIDE.replace("300", "60000"))
        process = subprocess.Popen(
            folder.command("beside"), cwd=folder.path, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        with process:
            said = ""
            for line in process.stdout:
                said += line
                if "Hello, World" in line:
                    process.send_signal(number)
            assert process.wait(60) == 130
        assert said.count("Cancel callback call: cancelled") == 1
        assert "success" not in said


class TestClause7:
    """A2.7"""

    def test_a_command_is_denied_unless_the_operator_allows_it(self, folder):
        folder.write(HELLO.replace("{{ name }}", "{% echo from the shell %}"))
        code, said = folder.run("hello-world")
        assert code == 1
        assert "a text may not run commands here" in said

    def test_a_command_that_stands_in_the_file_runs_where_the_operator_allows_it(self, folder):
        folder.write(HELLO.replace("{{ name }}", "{% echo from the shell %}"))
        code, said = folder.run("hello-world", "--allow-shell")
        assert code == 0
        assert "info   example-plugin  Hello, from the shell" in lines(said)

    def test_a_variable_of_the_file_may_be_what_a_command_prints(self, folder):
        folder.write(HELLO.replace("{name: World}", "{name: '{% echo shell %}'}"))
        assert folder.run("hello-world")[0] == 1
        code, said = folder.run("hello-world", "--allow-shell")
        assert code == 0
        assert "info   example-plugin  Hello, shell" in lines(said)

    def test_a_variable_of_the_command_line_runs_nothing(self, folder):
        code, said = folder.run("hello-world", "--allow-shell", "--var", "name={% echo shell %}")
        assert code == 0
        assert "info   example-plugin  Hello, {% echo shell %}" in lines(said)
