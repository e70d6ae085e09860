"""`wardian.engine.sight`: an engine as one status."""

import os

import pytest

from support.pretend_runs import Ground
from wardian.engine.engine import Engine
from wardian.engine.sight import Sight
from wardian.engine.status_reading import read_status


@pytest.fixture
def engine(pipelines):
    pipelines.load("pipelines: {a: {sources: [timer], steps: [parse], sinks: [lines]}, "
        "b: {sources: [timer], sinks: [lines], schedule: {cron: '0 0 29 2 *'}}}")  # fmt: skip
    ground = Ground()
    with Engine(pipelines.file, lambda _: ground, environ={"TOKEN": "a-long-token"}) as engine:
        engine.start()
        engine.runs = ground.runs
        yield engine


def test_all_pipelines_are_seen_with_what_they_do(engine):
    engine.runs[0].counters["parse"].records_in = 5
    sight = Sight(engine, lambda: 7)
    sight.sample()
    status = sight.status()
    assert (status.pid, status.file, status.logs_dropped) == (os.getpid(), str(engine.path), 7)
    assert status.started_at <= status.at
    first, second = status.pipelines
    assert (first.name, first.state, first.queue_records, first.next_run) == ("a", "running", 3, None)
    assert [each.name for each in first.members] == ["timer", "parse", "lines"]
    parse = first.members[1]
    assert (parse.counts.records_in, parse.running.version) == (5, "1.2.3")
    assert (second.name, second.state) == ("b", "scheduled")
    assert second.next_run > status.at


def test_it_is_plain_data_for_who_asks(engine):
    status = Sight(engine).status()
    assert read_status(status.as_dict()) == status


def test_why_a_reload_was_not_taken_is_seen(engine):
    engine.reload_error = "line 3: wrong"
    assert Sight(engine).status().reload_error == "line 3: wrong"
