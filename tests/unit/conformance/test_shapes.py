"""The shapes of replies, held against the ABI's own vectors and beyond."""

from __future__ import annotations

import json
from pathlib import Path

import cbor2
import pytest

from wardian.conformance import shapes

VECTORS = Path(__file__).parents[3] / "sdk" / "abi" / "vectors" / "messages" / "entry_points.json"
RECORD = {"data": 1}
ERROR = {"kind": "invalid", "message": "no"}


def replies():
    """Each reply of an entry point in the vectors: the entry point, the item, and whether it is right."""
    for vector in json.loads(VECTORS.read_text("utf-8")):
        rule = vector["rule"]
        entry = rule.removesuffix("-reply").replace("-", "_")
        if rule.endswith("-reply") and shapes.fault(entry, None, object()):
            yield pytest.param(entry, cbor2.loads(bytes.fromhex(vector["hex"])), vector["valid"], id=vector["name"])


@pytest.mark.parametrize(("entry", "reply", "valid"), list(replies()))
def test_it_judges_as_the_vectors_do(entry, reply, valid):
    assert (shapes.fault(entry, None, reply) == "") is valid


@pytest.mark.parametrize(
    ("entry", "key", "outcome"),
    [
        ("processor_process", "records", [RECORD]),
        ("function_call", "rows", {"value": 1}),
        ("sink_write", "records", None),
    ],
)
def test_a_batch_has_one_outcome_for_each_item(entry, key, outcome):
    request = {key: [RECORD, RECORD]}
    assert shapes.fault(entry, request, [outcome, ERROR]) == ""
    assert "expected 2 outcomes" in shapes.fault(entry, request, [outcome])
    assert "expected 2 outcomes" in shapes.fault(entry, request, [outcome] * 3)
    assert shapes.fault(entry, {key: "no list"}, [outcome]) == ""


@pytest.mark.parametrize("entry", ["processor_process", "function_call", "sink_write"])
@pytest.mark.parametrize(
    "outcome", [1, "text", {}, {"kind": "nonsense", "message": "no"}, {"kind": "invalid"}, [1], [{}]]
)
def test_what_is_no_outcome_is_said_with_its_place(entry, outcome):
    assert shapes.fault(entry, None, [outcome]).startswith("the reply is wrong at `[0]")


@pytest.mark.parametrize(
    "reply", [1, {"records": [{}]}, {"records": None}, {"records": [], "wait_ms": -1}, {"records": [], "done": 1},
              {"records": [], "more": 1}, {}],
)  # fmt: skip
def test_a_wrong_poll_is_refused(reply):
    assert shapes.fault("source_poll", None, reply)


def test_rows_are_maps_with_texts_as_keys():
    assert shapes.fault("lookup_rows", None, [{"a": 1}, {}]) == ""
    assert "`[1]`" in shapes.fault("lookup_rows", None, [{}, []])
    assert "`[0]`" in shapes.fault("lookup_rows", None, [{b"a": 1}])


def test_replies_of_entry_points_of_no_kind_have_no_shape():
    assert shapes.fault("count", None, object()) == ""
    assert shapes.fault("action_call", None, [1, {"a": None}]) == ""


def test_an_error_among_outcomes_is_told_apart_by_its_kind():
    assert shapes.is_error(ERROR)
    assert not any(map(shapes.is_error, (None, [], {"value": {"kind": 1}}, {"data": 1})))
