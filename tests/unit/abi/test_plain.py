import tracemalloc
from collections import OrderedDict, defaultdict, namedtuple
from datetime import UTC, datetime
from enum import IntEnum, StrEnum

import cbor2
import pytest

from wardian.abi.bounds import Bounds, CodecError
from wardian.abi.codec import decode, encode
from wardian.abi.plain import as_plain, count_plain

BOUNDS = Bounds(size=2**20, items=10_000, depth=64)


def refusal(action, value, bounds=BOUNDS):
    with pytest.raises(CodecError) as refused:
        action(value, bounds)
    return refused.value


def nested(depth, inner=None):
    value = [] if inner is None else inner
    for _ in range(depth - (inner is None)):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [None, True, 0, -(2**63), 2**64 - 1, 1.5, "a", b"a", [], {}, (), [[], {}, (1, [2])], {"a": {"b": [1, "c", b"d"]}}],
)
def test_what_is_plain_is_counted_as_its_copy_is(value):
    assert count_plain(value, BOUNDS) == count_plain(as_plain(value, BOUNDS), BOUNDS) > 0


@pytest.mark.parametrize(
    "value",
    [2**64, [-(2**63) - 1], {1: 2}, {b"a": 1}, bytearray(), [object()], OrderedDict(), nested(65), [[0] * 9_999, 1]],
)
def test_what_is_not_plain_or_not_within_bounds_is_not_counted(value):
    assert count_plain(value, BOUNDS) == -1


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ((1, 2), [1, 2]),
        (bytearray(b"ab"), b"ab"),
        (memoryview(b"abcd")[::2], b"ac"),
        (OrderedDict(a=1), {"a": 1}),
        (defaultdict(list, a=[1]), {"a": [1]}),
        (namedtuple("Point", "x y")(1, 2), [1, 2]),  # noqa: PYI024
        (StrEnum("Colour", "RED").RED, "red"),
        (IntEnum("Level", "LOW").LOW, 1),
        ({"a": {b"b": memoryview(b"c")}}, {"a": {b"b": b"c"}}),
    ],
)
def test_other_forms_of_plain_types_are_encoded_as_plain(given, plain):
    assert decode(encode(given, BOUNDS), BOUNDS) == plain


def test_a_value_that_is_its_own_type_cannot_show_the_encoder_another_one():
    class Endless(list):
        def __iter__(self):
            return iter([self])

    assert refusal(encode, Endless()).code == "too_deep"


@pytest.mark.parametrize(
    ("value", "where"),
    [
        (object(), "$: expected None, a bool, number, text, bytes, list, tuple, dict or datetime, got object"),
        ({"users": [{}, {"name": {1}}]}, "$.users[1].name: "),
        ({"a b": {b"k": 1j}}, "$['a b'][b'k']: "),
        ([{1: 2}], "$[0]: expected keys of text or bytes, got int"),
        ([{(1, 2): 2}], "$[0]: expected keys of text or bytes, got tuple"),
        ({"n": 2**64}, "$.n: expected an integer of -2^63 to 2^64-1"),
        ({"n": [-(2**63) - 1]}, "$.n[0]: expected an integer of -2^63 to 2^64-1"),
        (2**64, "$: expected an integer"),
        ({"n": "a\ud800"}, "$.n: the text holds half of a surrogate pair, at 1"),
        ({"\udc00": 1}, "$: the text holds half of a surrogate pair, at 0"),
        ([["a"] * 100, "\ud800"], "$[1]: the text holds half of a surrogate pair, at 0"),
        ({"at": datetime(2020, 1, 1)}, "$.at: expected a datetime with a timezone"),  # noqa: DTZ001
        ({"at": datetime(2020, 1, 1, tzinfo=UTC).date()}, "$.at: expected None, a bool"),
        (cbor2.undefined, "$: expected"),
        (cbor2.CBORTag(28, []), "$: expected"),
        (cbor2.CBORSimpleValue(99), "$: expected"),
    ],
)
def test_what_cannot_be_encoded_is_named_with_its_path(value, where):
    refused = refusal(encode, value)
    assert refused.code == "bad_cbor"
    assert str(refused).startswith(where)


def test_a_long_path_is_cut():
    assert len(str(refusal(encode, nested(60, {"key" * 10: {1}})))) < 400


@pytest.mark.parametrize("encodable", [nested(64), nested(64, 1), (nested(63),), {"a": nested(63)}])
def test_64_levels_are_encoded(encodable):
    assert encode(encodable, BOUNDS)


@pytest.mark.parametrize("deep", [nested(65), nested(65, 1), (nested(64),), {"a": nested(64)}, nested(100_000)])
def test_65_levels_are_too_deep(deep):
    refused = refusal(encode, deep)
    assert (refused.code, refused.limit, refused.value) == ("too_deep", "depth", 64)


def test_a_value_that_holds_itself_is_too_deep():
    ring, circle = [], {}
    ring.append(ring)
    circle["self"] = circle
    assert refusal(encode, ring).code == refusal(encode, circle).code == "too_deep"


def test_a_value_that_multiplies_is_refused_by_its_items():
    doubling = ["x"]
    for _ in range(50):
        doubling = [doubling, doubling]
    refused = refusal(encode, doubling)
    assert (refused.code, refused.limit, refused.value, refused.asked) == ("too_many_items", "items", 10_000, None)


def test_a_text_that_stands_in_many_places_takes_no_more_memory_than_the_bounds():
    many = ["x" * 2**19] * 1_000
    tracemalloc.start()
    try:
        refused = refusal(encode, many)
        assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    finally:
        tracemalloc.stop()
    assert (refused.code, refused.limit, refused.asked) == ("too_large", "size", None)


def test_a_few_bytes_too_many_are_told():
    refused = refusal(encode, "abcd", Bounds(size=4, items=9, depth=9))
    assert (refused.code, refused.value, refused.asked) == ("too_large", 4, 5)
    assert encode("abc", Bounds(size=4, items=9, depth=9)) == b"\x63abc"


@pytest.mark.parametrize(("value", "items"), [(1, 1), ("a", 1), ([], 1), ([1, 2], 3), ({"a": 1}, 3), ((b"a",), 2)])
def test_each_head_is_an_item(value, items):
    data = encode(value, Bounds(size=99, items=items, depth=9))
    assert decode(data, Bounds(size=99, items=items, depth=9)) is not None
    if items > 1:
        assert refusal(encode, value, Bounds(size=99, items=items - 1, depth=9)).code == "too_many_items"
        assert refusal(decode, data, Bounds(size=99, items=items - 1, depth=9)).code == "too_many_items"


def test_a_point_in_time_counts_as_two_items_both_ways():
    value, bounds = [datetime(2020, 1, 1, tzinfo=UTC)], Bounds(size=99, items=3, depth=1)
    assert decode(encode(value, bounds), bounds) == value
    less = Bounds(size=99, items=2, depth=1)
    assert refusal(encode, value, less).code == "too_many_items"
    assert refusal(decode, encode(value, bounds), less).code == "too_many_items"
