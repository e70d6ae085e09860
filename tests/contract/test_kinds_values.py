"""What hands records on takes and gives them as the maps of the ABI: the same rules hold; nothing is made of them."""

import pytest

from support.canned import canned
from wardian import AbiViolation, Grants, GuestError
from wardian.endpoints.opening import open_sink, open_source

DATA = {"data": {"n": 1}, "tags": {"a": "b"}}
ERROR = {"kind": "invalid", "message": "no"}
WRONG = [{"tags": {}}, {"data": 1, "more": 2}, {"data": 1, "key": 2}, [1], None]


@pytest.fixture
def loaded(runtime):
    """Loads a guest that answers so, of one kind."""
    return lambda kind, replies, **more: runtime.load(
        canned(replies, f"{kind} it", **more), name="canned", grants=Grants(emit=bool(more))
    )


def test_a_source_gives_what_it_emitted_and_then_what_it_answered(loaded):
    reply = {"records": [DATA], "offset": 7, "done": True}
    with loaded("source", {"source_poll": reply}, emits={"source_poll": [{"data": 0}]}).source() as source:
        polled = source.poll_values(5)
    assert (polled.records, polled.offset, polled.done) == ([{"data": 0}, DATA], 7, True)


def test_a_processor_gives_an_outcome_for_each(loaded):
    with loaded("processor", {"processor_process": [[DATA, {"data": 2}], [], ERROR]}).processor() as processor:
        first, second, third = processor.process_values([{"data": 1}, {"data": 2}, {"data": 3}])
    assert (first, second) == ([DATA, {"data": 2}], [])
    assert isinstance(third, GuestError)


def test_an_aggregator_gives_what_came_of_them(loaded):
    replies = {"aggregator_add": None, "aggregator_flush": {"records": [DATA]}}
    with loaded("aggregator", replies).aggregator() as aggregator:
        aggregator.add_values([DATA])
        assert aggregator.flush_values() == [DATA]


def test_a_sink_gives_an_outcome_for_each(loaded):
    with loaded("sink", {"sink_write": [None, ERROR]}).sink() as sink:
        taken, refused = sink.write_values([DATA, DATA])
    assert taken is None
    assert isinstance(refused, GuestError)


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_record_is_refused_as_ever(loaded, wrong):
    with (
        loaded("source", {"source_poll": {"records": [DATA, wrong]}}).source() as source,
        pytest.raises(AbiViolation, match=r"records\[1\]"),
    ):
        source.poll_values(5)


def test_the_hosts_own_sources_and_sinks_do_as_well(tmp_path):
    (tmp_path / "in.jsonl").write_text('{"data": 1}\n{"data": 2, "key": "k"}\n')
    with open_source("file", {"path": str(tmp_path / "in.jsonl")}) as source:
        values = source.poll_values(5).records
    with open_sink("file", {"path": str(tmp_path / "out.jsonl")}) as sink:
        assert sink.write_values(values) == [None, None]
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == len(values) == 2
