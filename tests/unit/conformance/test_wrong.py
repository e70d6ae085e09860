"""What plugins do not expect, all of which a host could send."""

from __future__ import annotations

import pytest

from wardian.abi.bounds import Bounds
from wardian.abi.codec import CodecError, encode
from wardian.abi.contract import ENTRY_POINTS, LIFECYCLE
from wardian.conformance import wrong
from wardian.policy import Limits

LIMITS = Limits()
BOUNDS = Bounds(size=LIMITS.request, items=LIMITS.items, depth=LIMITS.depth)
ENTRIES = [*LIFECYCLE, *(entry for names in ENTRY_POINTS.values() for entry in names), "of_its_own"]


@pytest.mark.parametrize("entry", ENTRIES)
def test_all_of_it_passes_the_host(entry):
    good = {"records": [{"data": 1}], "x": "text"}
    for request in (
        *wrong.shapes(entry, good),
        *wrong.values(entry, (*wrong.NUMBERS, *wrong.TEXTS)),
        *wrong.many(entry, LIMITS),
        *wrong.large(entry, LIMITS),
        *wrong.empty(good),
        wrong.with_unknown(good),
    ):
        assert encode(request, BOUNDS)


@pytest.mark.parametrize("entry", ENTRIES)
def test_what_is_deep_is_as_deep_as_it_may_be_and_no_deeper(entry):
    less = Bounds(size=BOUNDS.size, items=BOUNDS.items, depth=BOUNDS.depth - 1)
    for request in wrong.deep(entry, LIMITS):
        assert encode(request, BOUNDS)
        with pytest.raises(CodecError):
            encode(request, less)


def test_many_are_ten_thousand_or_as_many_as_the_limits_allow():
    assert len(next(wrong.many("sink_write", LIMITS))["records"]) == 10_000
    few = Limits(items=1_000)
    assert 100 < len(next(wrong.many("sink_write", few))["records"]) < 1_000
    assert len(next(wrong.many("function_call", LIMITS))["rows"]) == 10_000


def test_large_ones_come_close_to_the_limit():
    for request in wrong.large("extension_call", LIMITS):
        assert LIMITS.request - 8_192 < len(encode(request, BOUNDS)) <= LIMITS.request


def test_wrong_shapes_leave_out_each_key_and_change_the_type_of_each():
    asked = list(wrong.shapes("action_call", {"params": {}, "vars": {}}))
    assert {"vars": {}} in asked
    assert {"params": {}} in asked
    assert {"params": None, "vars": {}} in asked
    assert None in asked
    assert {"records": [None]} in list(wrong.shapes("sink_write", {"records": []}))


def test_unknown_keys_stand_beside_the_known_ones_and_in_the_context():
    request = wrong.with_unknown({"config": {}, "context": {"plugin": "a"}})
    assert request["config"] == {}
    assert request["context"]["plugin"] == "a"
    assert request.keys() > {"config", "context"}
    assert len(request["context"]) > 1
    assert wrong.with_unknown(None) is None
