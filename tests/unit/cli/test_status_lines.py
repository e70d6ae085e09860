"""`wardian.cli.status_lines`: the status of an engine as people read it."""

from __future__ import annotations

import time

import click

from support.statuses import counters, status
from wardian.cli.status_lines import lines
from wardian.engine.status import MemberStatus, PipelineStatus


def text(**more):
    return click.unstyle("\n".join(lines(status(**more))))


def test_it_begins_with_the_engine_and_has_each_pipeline_with_its_state_and_queue():
    told = text().splitlines()
    assert told[0] == "wardian 0.1.0, process 42, up 1m0s, wardian.yaml"
    assert "words  running  at_least_once  7 of 10,000 records wait, 2KiB of 64MiB" in told
    assert "  state_corrupt: it cannot be read" in told
    assert "4 log lines were left out" in told


def test_each_member_is_a_row_under_the_same_columns():
    told = text().splitlines()
    head = next(line for line in told if "member" in line)
    rows = [line for line in told if line.startswith(("  lines", "  count", "  out"))]
    assert [line.split() for line in rows] == [
        ["lines", "source", "-", "-", "40", "120.5", "0", "0", "0", "0", "0", "1ms", "1ms", "-"],
        ["count", "aggregator", "1.2.0", "33", "33", "118.0", "3", "2", "1", "1", "2", "1ms", "1ms", "128KiB"],
        ["out", "sink", "-", "30", "30", "0.0", "0", "0", "0", "0", "0", "1ms", "1ms", "-"],
    ]
    assert {line.index(word) for line, word in zip(rows, ("source", "aggregator", "sink"), strict=True)} == {
        head.index("kind")
    }


def test_the_last_error_stands_under_its_member_without_what_a_terminal_would_obey():
    told = text(at=time.time() + 3_700).splitlines()
    row = next(index for index, line in enumerate(told) if line.startswith("  count"))
    assert told[row + 1] == r"    last error, 1h1m ago: [invalid] no\x1b[31m word"


def test_no_line_has_what_a_terminal_would_obey_whatever_names_say():
    nasty = "a\x1b[2J\nb"
    pipeline = PipelineStatus(
        name=nasty, state=nasty, delivery=nasty, error=nasty, error_code=nasty,
        members=(MemberStatus(name=nasty, role="step", kind=nasty),),
    )  # fmt: skip
    for line in lines(status(pipelines=(pipeline,), version=nasty, file=nasty, reload_error=nasty)):
        assert click.unstyle(line).isprintable()


def test_an_engine_without_pipelines_says_so():
    assert text(pipelines=()).endswith("there are no pipelines")


def test_a_reload_that_was_not_taken_is_told():
    assert "the changed configuration was not taken: line 3" in text(reload_error="line 3")


def test_what_took_longer_than_all_bounds_and_a_version_without_a_name_are_told():
    slow = counters()
    slow.latency.observe(500.0)
    member = MemberStatus(
        name="m", role="step", running=status().pipelines[0].members[1].running, counts=slow.snapshot()
    )
    told = text(
        pipelines=(PipelineStatus(name="p", state="waiting", members=(member,), next_run=1_000_060.0 + 90_000),)
    )
    assert "longer  longer" in told
    assert "next run in 1d1h" in told
