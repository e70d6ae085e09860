"""The vectors of the ABI, run against the host's codec."""

import json
import math
from datetime import datetime
from pathlib import Path

import pytest

from wardian.abi.codec import Bounds, CodecError, decode, encode

VECTORS = Path(__file__).parents[2] / "sdk" / "abi" / "vectors"
BOUNDS = Bounds(size=2**20, items=10_000, depth=64)


def vectors(folder):
    return [
        pytest.param(vector, id=f"{path.stem}: {vector['name']}")
        for path in sorted((VECTORS / folder).glob("*.json"))
        for vector in json.loads(path.read_text("utf-8"))
    ]


def named(value):
    """The Python value that a vector's `value` names."""
    if isinstance(value, list):
        return [named(one) for one in value]
    if not isinstance(value, dict):
        return value
    ((tag, content),) = value.items()
    read = {
        "int": int,
        "float": float,
        "bytes": bytes.fromhex,
        "time": datetime.fromisoformat,
        "map": lambda pairs: {named(key): named(held) for key, held in pairs},
    }
    return read[tag](content)


def same(left, right):
    """Equal in type and value, NaN and the sign of zero included."""
    if isinstance(left, dict) and isinstance(right, dict):
        pairs = zip(left.items(), right.items(), strict=True)
        return len(left) == len(right) and all(same(a, c) and same(b, d) for (a, b), (c, d) in pairs)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if type(left) is not type(right):
        return False
    if isinstance(left, float) and math.isnan(left):
        return math.isnan(right)
    if isinstance(left, float) and math.copysign(1, left) != math.copysign(1, right):
        return False
    return left == right


@pytest.mark.parametrize("vector", vectors("accept"))
def test_accepted_bytes_mean_their_value(vector):
    assert same(decode(bytes.fromhex(vector["hex"]), BOUNDS), named(vector["value"]))


@pytest.mark.parametrize("vector", vectors("accept"))
def test_an_accepted_value_keeps_its_meaning_when_encoded_again(vector):
    value = decode(bytes.fromhex(vector["hex"]), BOUNDS)
    assert same(decode(encode(value, BOUNDS), BOUNDS), value)


@pytest.mark.parametrize("vector", vectors("reject"))
def test_rejected_bytes_are_refused(vector):
    with pytest.raises(CodecError) as refused:
        decode(bytes.fromhex(vector["hex"]), BOUNDS)
    assert refused.value.code == ("too_deep" if vector["reason"] == "too deep" else "bad_cbor")


@pytest.mark.parametrize("vector", vectors("reject"))
def test_rejected_bytes_are_refused_as_part_of_a_long_item_too(vector):
    """The codec has one way for short items and another for long ones; both refuse."""
    long = b"\x82\x59\x04\x00" + bytes(1024) + bytes.fromhex(vector["hex"])
    with pytest.raises(CodecError):
        decode(long, BOUNDS)


@pytest.mark.parametrize("folder", ["accept", "reject", "messages"])
def test_names_are_unique_and_hex_is_plain(folder):
    for path in (VECTORS / folder).glob("*.json"):
        given = json.loads(path.read_text("utf-8"))
        assert len({vector["name"] for vector in given}) == len(given), path.name
        assert all(vector["hex"] == bytes.fromhex(vector["hex"]).hex() for vector in given), path.name
