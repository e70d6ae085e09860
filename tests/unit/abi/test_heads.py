from contextlib import suppress

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.abi.bounds import Bounds, CodecError
from wardian.abi.heads import nests_deeper, scan

MANY = Bounds(size=2**20, items=2**20, depth=64)

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
)


def heads_of(value):
    if isinstance(value, dict):
        return 1 + sum(1 + heads_of(held) for held in value.values())
    if isinstance(value, list):
        return 1 + sum(map(heads_of, value))
    return 1


def depth_of(value):
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(depth_of, inner), default=0)


@given(values, st.booleans())
def test_exactly_the_heads_are_counted(value, indefinite):
    data = cbor2.dumps(value, indefinite_containers=indefinite)
    assert scan(data, Bounds(size=2**20, items=heads_of(value), depth=64)) is False
    with pytest.raises(CodecError, match="items"):
        scan(data, Bounds(size=2**20, items=heads_of(value) - 1, depth=64))


@given(values, st.booleans())
def test_exactly_the_levels_are_counted(value, indefinite):
    data = cbor2.dumps(value, indefinite_containers=indefinite)
    depth = depth_of(value)
    assert not nests_deeper(data, depth)
    assert not depth or nests_deeper(data, depth - 1)


@given(st.binary())
def test_any_bytes_can_be_looked_at(data):
    nests_deeper(data, 3)
    with suppress(CodecError):
        scan(data, MANY)


@pytest.mark.parametrize("data", ["c100", "c24101", "d80100", "da000000034101", "8201c100"])
def test_tags_are_reported(data):
    assert scan(bytes.fromhex(data), MANY) is True


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("f7", "undefined"),
        ("f0", "simple"),
        ("f8ff", "simple"),
        ("3b8000000000000000", "below -2"),
        ("c4", "tag 4:"),
        ("d81c80", "tag 28:"),
        ("dbffffffffffffffff00", "tag 18446744073709551615:"),
        ("c3c34101", "tag 3 holds"),
        ("d80141", "tag 1 holds"),
        ("00ff", "break"),
        ("1c", "reserved"),
        ("5d", "reserved"),
        ("df", "reserved"),
        ("fe", "reserved"),
    ],
)
def test_a_refused_head_is_named(data, why):
    with pytest.raises(CodecError, match=why):
        scan(bytes.fromhex(data), MANY)


def test_payload_is_not_taken_for_heads():
    payload = bytes([0xF7, 0xD8, 0x1C, 0xFF, 0x9F] * 60)
    for length in (5, 20, 200, 300):
        assert scan(cbor2.dumps([payload[:length], 1.5]), Bounds(size=999, items=3, depth=1)) is False
