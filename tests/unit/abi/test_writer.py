import threading
from collections import OrderedDict
from datetime import UTC, datetime

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.abi import writer
from wardian.abi.bounds import Bounds, CodecError
from wardian.abi.plain import as_plain
from wardian.abi.writer import BYTES, NotPlainError, head_of, written

BOUNDS = Bounds(size=2**20, items=10_000, depth=64)
EDGES = [edge + step for edge in (0, 23, 2**8, 2**16, 2**32, 2**63, 2**64) for step in (-1, 0, 1)]


def nested(depth):
    value = []
    for _ in range(depth - 1):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        None, True, 0, 1.5, "a", b"a", [], {}, (), [[], {}, (1, [2])], {"a": {"b": [1, "c", b"d"]}}, {b"a": 1, "é": 2},
        {"k" * 23: 0, "k" * 24: 1}, [None, False, b"", (), {}], datetime(2020, 1, 1, tzinfo=UTC), nested(64),
    ],
)  # fmt: skip
def test_what_is_plain_is_written_as_its_copy_is_and_as_cbor2_does(value):
    assert written(value, BOUNDS) == written(as_plain(value, BOUNDS), BOUNDS) == cbor2.dumps(value)


@pytest.mark.parametrize("number", [each for edge in EDGES for each in (edge, -edge) if -(2**63) <= each < 2**64])
def test_every_number_of_64_bits_has_its_shortest_head(number):
    expected = cbor2.dumps(number)
    assert written(number, BOUNDS) == written([number], BOUNDS)[1:] == written({"": number}, BOUNDS)[2:] == expected


@given(st.floats())
def test_every_float_is_written_alike_wherever_it_stands(number):
    expected = cbor2.dumps(number)
    assert written(number, BOUNDS) == written([number], BOUNDS)[1:] == written({"": number}, BOUNDS)[2:] == expected


@pytest.mark.parametrize("size", [0, 1, 23, 24, 255, 256, 65_535, 65_536])
@pytest.mark.parametrize(
    "make", ["x".__mul__, b"x".__mul__, [1].__mul__, lambda size: {str(n): n for n in range(size)}]
)
def test_every_length_has_its_shortest_head(make, size):
    bounds = Bounds(size=2**21, items=2**18, depth=1)
    assert written(make(size), bounds) == cbor2.dumps(make(size))


def test_a_head_stands_alone_too():
    assert head_of(BYTES, 300).hex() == "59012c"


@pytest.mark.parametrize(
    "value",
    [2**64, [-(2**63) - 1], {1: 2}, {None: 2}, bytearray(), [object()], OrderedDict(), nested(65), {"a": nested(64)},
     [[0] * 9_999, 1], [{"a": 1}] * 4_000, datetime(2020, 1, 1), cbor2.undefined],  # noqa: DTZ001
)  # fmt: skip
def test_what_is_not_plain_or_not_within_bounds_is_not_written(value):
    with pytest.raises(NotPlainError):
        written(value, BOUNDS)


def test_long_strings_are_refused_before_they_are_joined():
    with pytest.raises(CodecError) as refused:
        written(["x" * 2**19] * 4, BOUNDS)
    assert (refused.value.limit, refused.value.asked) == ("size", None)


def test_half_of_a_surrogate_pair_is_no_text():
    for value in ("\ud800", ["\ud800"], {"\ud800": 1}, {"a": "\ud800"}):
        with pytest.raises(UnicodeEncodeError):
            written(value, BOUNDS)


def test_the_keys_that_are_remembered_are_bounded_in_number_and_in_length():
    many = {f"key {number}": number for number in range(3_000)} | {"k" * 24: 0}
    assert written(many, BOUNDS) == written(many, BOUNDS) == cbor2.dumps(many)
    assert len(writer._keys) <= writer._MOST_KEYS
    assert max(map(len, writer._keys)) < 24


def test_a_list_that_another_thread_changes_is_as_long_as_its_head_says():
    shared, done = [1], threading.Event()

    def change():
        while not done.is_set():
            shared.append(1)
            shared.clear()

    thread = threading.Thread(target=change)
    thread.start()
    try:
        for _ in range(20_000):
            data = written(shared, BOUNDS)
            assert len(data) == 1 + len(cbor2.loads(data))
    finally:
        done.set()
        thread.join()
