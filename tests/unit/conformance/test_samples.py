"""What plugins are asked when nothing is wrong with it."""

from __future__ import annotations

import pytest

from wardian.abi.bounds import Bounds
from wardian.abi.codec import encode
from wardian.abi.contract import ENTRY_POINTS
from wardian.conformance.samples import ROWS, good, poll, samples
from wardian.record import records_from


@pytest.mark.parametrize("kind", ENTRY_POINTS)
def test_a_round_of_work_asks_only_what_is_there_and_all_of_it_can_be_sent(kind):
    entries = ENTRY_POINTS[kind]
    asked = good(kind, samples(kind, ()), entries)
    assert entries[0] in {entry for entry, _ in asked}
    assert {entry for entry, _ in asked} <= set(entries)
    for _, request in asked:
        assert encode(request, Bounds(size=65_536, items=10_000, depth=64))
    assert good(kind, samples(kind, ()), ()) == []


@pytest.mark.parametrize("kind", ["processor", "sink", "aggregator"])
def test_inputs_of_kinds_with_records_become_records(kind):
    assert records_from(list(samples(kind, ())))
    assert samples(kind, ["a", {"data": 1}, {"text": 2}]) == ({"data": "a"}, {"data": 1}, {"data": {"text": 2}})


def test_inputs_of_other_kinds_become_what_these_are_asked():
    assert samples("function", [[1, 2], 3]) == ([1, 2], [3])
    assert samples("function", ()) == ROWS
    assert samples("action", [{"a": 1}]) == ({"a": 1},)
    assert samples("extension", [{"method": "m"}, 1]) == (
        {"method": "m", "argument": None},
        {"method": "call", "argument": 1},
    )
    assert samples("source", ["x"]) == ({"payload": "x", "headers": {}},)
    assert samples("", [7]) == (7,)


def test_whole_requests_are_taken_apart():
    assert samples("sink", [{"records": [{"data": 1}, {"data": 2}]}, 3]) == ({"data": 1}, {"data": 2}, {"data": 3})
    assert samples("function", [{"rows": [[1], [2]]}]) == ([1], [2])
    assert samples("action", [{"params": {"a": 1}, "vars": {}}]) == ({"a": 1},)
    assert samples("source", [{"now": 1, "demand": 1}, {"payload": 1}]) == ({"headers": {}, "payload": 1},)


def test_time_goes_on_from_poll_to_poll():
    assert poll(1)["now"] > poll(0)["now"]
    first = good("source", (), ["source_poll"], step=0)
    second = good("source", (), ["source_poll"], step=1)
    assert first[-1][1]["now"] < second[0][1]["now"]
