"""`wardian.cli.up_summary`: a line for each pipeline."""

from wardian.cli.up_summary import summary
from wardian.engine.status import EngineStatus, MemberStatus, PipelineStatus
from wardian.pipeline.counters import Counts


def member(role, **counts):
    return MemberStatus(name=role, role=role, counts=Counts(**counts))


def lines(*members, state="done", **more):
    return summary(EngineStatus(pipelines=(PipelineStatus(name="p", state=state, members=members, **more),)))


def test_it_says_how_many_records_came_and_went():
    assert lines(member("source", records_out=1), member("sink", records_out=1234)) == [
        "p: done: 1 record in, 1,234 out"
    ]


def test_several_sources_and_sinks_are_added_up():
    members = [member("source", records_out=2), member("source", records_out=3), member("sink", records_out=5)]
    assert lines(*members) == ["p: done: 5 records in, 5 out"]


def test_what_was_given_up_or_still_waits_is_said_where_there_is_some():
    members = [member("source", records_out=9), member("step", dead=1, dropped=2), member("sink", dead=1)]
    assert lines(*members, state="stopped", queue_records=4) == [
        "p: stopped: 9 records in, 0 out, 2 dropped, 2 dead, 4 waiting"
    ]
