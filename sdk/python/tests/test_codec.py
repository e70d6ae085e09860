import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from wardian_sdk import Invalid, Time
from wardian_sdk.codec import dumps, loads

VECTORS = Path(__file__).parents[2] / "abi" / "vectors"


def vectors(folder):
    return [
        pytest.param(bytes.fromhex(vector["hex"]), id=f"{path.stem}: {vector['name']}")
        for path in sorted((VECTORS / folder).glob("*.json"))
        for vector in json.loads(path.read_text("utf-8"))
    ]


@pytest.mark.parametrize("data", vectors("accept"))
def test_an_accepted_item_is_read_and_written_with_its_meaning(data):
    value = loads(data)
    assert repr(loads(dumps(value))) == repr(value)


@pytest.mark.parametrize("data", vectors("reject"))
def test_a_rejected_item_is_refused(data):
    with pytest.raises(Invalid):
        loads(data)


@pytest.mark.parametrize("data", vectors("accept"))
def test_a_part_of_an_item_and_more_than_it_are_refused(data):
    for wrong in [data[:size] for size in range(len(data))] + [data + b"\0", data + data]:
        with pytest.raises(Invalid):
            loads(wrong)


@dataclass
class Point:
    x: int
    y: int


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (Point(1, 2), {"x": 1, "y": 2}),
        ((1, 2), [1, 2]),
        (range(3), [0, 1, 2]),
        (bytearray(b"x"), b"x"),
        (memoryview(b"x"), b"x"),
        (-(2**63), -(2**63)),
        (2**64 - 1, 2**64 - 1),
    ],
)
def test_what_is_no_item_but_like_one_is_written_as_one(given, read):
    assert loads(dumps(given)) == read


@pytest.mark.parametrize("wrong", [2**64, -(2**63) - 1, {1: 2}, object(), "\ud800", datetime(2026, 1, 1)])  # noqa: DTZ001
def test_what_no_item_can_carry_is_refused(wrong):
    with pytest.raises(TypeError, match="expected"):
        dumps(wrong)


def test_more_levels_than_the_abi_allows_are_not_written():
    deep = []
    for _ in range(63):
        deep = [deep]
    assert loads(dumps(deep)) == deep
    with pytest.raises(TypeError, match="64 levels"):
        dumps([deep])


def test_a_time_keeps_its_nanoseconds_and_its_offset():
    time = loads(b"\xc0" + dumps("2000-02-29T12:30:45.123456789-01:30"))
    assert isinstance(time, Time)
    assert time.parts() == (951832845, 123456789)
    assert dumps(time)[1:] == dumps("2000-02-29T12:30:45.123456789-01:30")
    assert time == datetime(2000, 2, 29, 14, 0, 45, 123456, UTC)
    assert loads(dumps(datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=2))))).utcoffset() == timedelta(hours=2)
