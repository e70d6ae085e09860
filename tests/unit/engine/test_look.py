"""`wardian.engine.look`: a look at a pipeline that runs."""

from __future__ import annotations

from support.statuses import Looked
from wardian.engine.look import pipeline_status, totals
from wardian.engine.status import Running
from wardian.errors import StateError
from wardian.pipeline.counters import Counts


def test_a_pipeline_is_told_with_its_queue_and_its_members_in_their_order():
    made = pipeline_status(Looked(), {"out": Running(version="2.0.0", digest="d")}, {("p", "out"): 5.0}, next_run=9.0)
    assert (made.name, made.state, made.delivery, made.next_run) == ("p", "running", "at_least_once", 9.0)
    assert (made.queue_records, made.queue_bytes, made.queue_most_records, made.queue_most_bytes) == (1, 10, 5, 50)
    assert [(each.name, each.role, each.plugin, each.rate) for each in made.members] == [
        ("in", "source", "file", 0.0), ("out", "sink", "store", 5.0),
    ]  # fmt: skip
    assert [each.running.version for each in made.members] == ["", "2.0.0"]
    assert [each.counts.records_out for each in made.members] == [3, 2]


def test_the_error_of_a_pipeline_is_told_with_its_code():
    run = Looked()
    run.state, run.error = "failed", StateError("no room", code="state_full", where="p.db")
    made = pipeline_status(run, {}, {})
    assert (made.state, made.error_code) == ("failed", "state_full")
    assert made.error == "p.db: no room"


def test_a_member_that_does_not_run_yet_has_done_nothing():
    run = Looked()
    run.counters = {}
    assert [each.counts for each in pipeline_status(run, {}, {}).members] == [Counts(), Counts()]
    assert totals([run]) == {}


def test_what_sources_gave_and_others_were_given_is_what_rates_are_of():
    run = Looked()
    run.counters["in"].records_in, run.counters["out"].records_out = 99, 99
    assert totals([run]) == {("p", "in"): 3, ("p", "out"): 2}
