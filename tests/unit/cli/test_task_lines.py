"""What a person reads while a task runs."""

from __future__ import annotations

import click
import pytest

from wardian.capabilities.log import LogLine
from wardian.cli.task_lines import TaskPrinter
from wardian.tasks.events import JobDone, JobStarted, Logged, TaskDone, TaskStarted, Warned
from wardian.tasks.result import JobResult, TaskResult


@pytest.fixture
def lines():
    """Prints events; what a terminal without colours shows of them is in its `said`."""
    said = []
    printer = TaskPrinter(lambda text: said.append(click.unstyle(text)), "info")

    def printed(*events):
        for event in events:
            printer(event)
        return said

    return printed


def log(level, message):
    return Logged(LogLine("example-plugin", "default", level, message, {}))


def test_a_run_is_told_in_a_line_for_each_thing_that_happens(lines):
    assert lines(
        TaskStarted("hello-world"),
        JobStarted("example-plugin:hello-world", 1, description="says hello"),
        log("info", "Hello, World"),
        JobDone(JobResult("example-plugin:hello-world", 1, "succeeded", 0.01)),
        TaskDone(TaskResult("hello-world", "succeeded", 0.0123)),
    ) == [
        "Running task hello-world",
        "- example-plugin:hello-world: says hello",
        "  info   example-plugin  Hello, World",
        "success: task hello-world succeeded in 12ms",
    ]


def test_what_is_within_a_task_is_indented_and_only_the_outermost_success_is_told(lines):
    done = TaskResult("inner", "succeeded", 1.0)
    assert lines(TaskStarted("inner", 1), JobStarted("a", 1, 1), TaskDone(done, 1)) == ["  Running task inner", "  - a"]


def test_a_job_that_was_left_out_is_said_to_be_so(lines):
    assert lines(JobDone(JobResult("a", 1, "skipped", 0.0))) == ["- a: skipped"]


def test_a_warning_names_its_job(lines):
    assert lines(Warned("Job deadline exceeded", "a"), Warned("unwise", "")) == [
        "warning: Job deadline exceeded: a",
        "warning: unwise",
    ]


def test_a_failure_is_left_to_the_error(lines):
    assert lines(TaskDone(TaskResult("t", "failed", 1.0)), TaskDone(TaskResult("t", "cancelled", 1.0))) == []


def test_log_lines_below_the_level_are_hidden(lines):
    assert lines(log("debug", "hidden"), log("warn", "shown")) == ["  warn   example-plugin  shown"]


def test_what_a_terminal_would_obey_is_not_printed_as_it_is(lines):
    assert lines(Warned("\x1b[2J", ""), JobStarted("a", 1, description="\x1b[2J")) == [
        "warning: \\x1b[2J",
        "- a: \\x1b[2J",
    ]
