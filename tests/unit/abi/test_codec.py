import gc
import resource
import time
import tracemalloc
from datetime import UTC, datetime, timedelta, timezone

import cbor2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wardian.abi.codec import Bounds, CodecError, decode, encode, encode_deep, list_of

BOUNDS = Bounds(size=2**20, items=10_000, depth=64)

offsets = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=offsets)  # noqa: DTZ001 - Hypothesis adds it
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | moments
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text() | st.binary(), inner, max_size=6)
)


def refusal(action, value, bounds=BOUNDS):
    with pytest.raises(CodecError) as refused:
        action(value, bounds)
    return refused.value


class TestEncode:
    @given(values)
    def test_a_value_comes_back_as_it_was(self, value):
        assert decode(encode(value, BOUNDS), BOUNDS) == value

    @given(values)
    def test_equal_values_give_equal_bytes(self, value):
        encoded = encode(value, BOUNDS)
        assert encode(decode(encoded, BOUNDS), BOUNDS) == encoded

    @given(values)
    def test_the_bytes_are_those_of_cbor2(self, value):
        assert encode(value, BOUNDS) == cbor2.dumps(value)

    def test_maps_keep_the_order_of_their_keys(self):
        assert encode({"b": 1, "a": 2}, BOUNDS).hex() == "a2616201616102"

    def test_large_values_are_encoded_as_small_ones_are(self):
        value = [{"n": n, "text": "é" * n, "bytes": bytes(n)} for n in range(200)]
        assert encode(value, BOUNDS) == cbor2.dumps(value)

    @pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan"), -0.0, 1e-320])
    def test_every_float_is_kept(self, value):
        assert repr(decode(encode(value, BOUNDS), BOUNDS)) == repr(value)


class TestDecode:
    @given(st.binary(max_size=200))
    @example(b"")
    @settings(max_examples=500)
    def test_no_bytes_raise_anything_but_the_one_error(self, data):
        try:
            value = decode(data, BOUNDS)
        except CodecError:
            return
        assert encode(value, BOUNDS)

    @given(values, st.data())
    @settings(max_examples=300)
    def test_a_broken_item_raises_nothing_but_the_one_error(self, value, draw):
        data = bytearray(encode(value, BOUNDS))
        for _ in range(draw.draw(st.integers(1, 3))):
            data[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
        for broken in (bytes(data), b"\x82" + bytes(data) + b"\x59\x04\x00" + bytes(1024)):
            try:
                encode(decode(broken, BOUNDS), BOUNDS)
            except CodecError:
                continue

    @given(values)
    def test_every_shorter_piece_and_every_longer_one_is_refused(self, value):
        data = encode(value, BOUNDS)
        for end in range(min(len(data), 50)):
            refusal(decode, data[:end])
        tails = (
            b"\0",
            b"\xff",
            b"\xf6",
            b"\xf7",
            b"\x80\xf7",
            b"\x41",
            b"\x41\xf7",
            data,
            b"\x59\x02\x00" + bytes(512),
        )
        for more in tails:
            refusal(decode, data + more)

    @given(st.integers(0, 600), st.binary(max_size=3))
    def test_what_follows_an_item_is_seen_at_every_length(self, length, more):
        data = cbor2.dumps(bytes(length))
        assert decode(data, BOUNDS) == bytes(length)
        if more:
            refusal(decode, data + more)

    @pytest.mark.parametrize("form", [bytes, bytearray, memoryview])
    def test_bytes_may_come_in_any_buffer(self, form):
        assert decode(form(b"\x81\x01"), BOUNDS) == [1]

    @pytest.mark.parametrize("form", [bytes, bytearray, memoryview])
    def test_more_bytes_than_allowed_are_refused_unread(self, form):
        refused = refusal(decode, form(bytes(11)), Bounds(size=10, items=9, depth=9))
        assert (refused.code, refused.limit, refused.value, refused.asked) == ("too_large", "size", 10, 11)

    @pytest.mark.parametrize("levels", range(1, 6))
    @pytest.mark.parametrize("depth", range(1, 5))
    def test_nesting_is_counted_alike_both_ways(self, levels, depth):
        bounds = Bounds(size=9999, items=9999, depth=depth)
        forms = [
            "81" * (levels - 1) + "80",
            "81" * levels + "00",
            "9f" * levels + "ff" * levels,
            "81" * levels + "c100",
        ]
        forms.append("82590258" + "00" * 600 + "81" * (levels - 2) + "80" if levels > 1 else "80")
        for form in forms:
            if levels <= depth:
                value = decode(bytes.fromhex(form), bounds)
                assert decode(encode(value, bounds), bounds) == value
            else:
                refused = refusal(decode, bytes.fromhex(form), bounds)
                assert (refused.code, refused.limit, refused.value) == ("too_deep", "depth", depth)

    @pytest.mark.parametrize("piece", ["80", "a0", "9fff", "60", "40", "5fff", "00", "c100"])
    def test_items_are_counted_before_they_are_built(self, piece):
        """A megabyte of empty lists would take 69 MB."""
        count = 2**20 // len(bytes.fromhex(piece))
        data = b"\x9a" + count.to_bytes(4, "big") + bytes.fromhex(piece) * count
        tracemalloc.start()
        try:
            refused = refusal(decode, data, Bounds(size=2**21, items=10_000, depth=64))
            assert tracemalloc.get_traced_memory()[1] < 2**20
        finally:
            tracemalloc.stop()
        assert (refused.code, refused.limit, refused.value) == ("too_many_items", "items", 10_000)

    def test_empty_chunks_are_items(self):
        assert refusal(decode, b"\x7f" + b"\x60" * 20_000 + b"\xff").code == "too_many_items"

    def test_a_megabyte_of_breaks_is_refused_at_once(self):
        began = time.process_time()
        refusal(decode, b"\xff" * 2**20)
        refusal(decode, b"\x9f" + b"\xff" * (2**20 - 1))
        assert time.process_time() - began < 0.1

    @pytest.mark.parametrize("argument", [2**32, 2**63, 2**64 - 1, 2**24])
    @pytest.mark.parametrize("head", [0x5B, 0x7B, 0x9B, 0xBB])
    def test_a_declared_length_takes_no_memory(self, head, argument):
        bomb = bytes([head]) + argument.to_bytes(8, "big")
        for data in (bomb, bomb + b"\0" * 600, (bytes([0x9A]) + (2**24).to_bytes(4, "big")) * 30 + bomb):
            gc.collect()
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            assert refusal(decode, data).code == "bad_cbor"
            assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 1024  # KiB

    def test_keys_that_collide_are_refused_at_once(self):
        """20,000 keys that are bignums of one hash took two seconds."""
        keys = b"".join(b"\xc2\x4b" + (n * (2**61 - 1)).to_bytes(11, "big") + b"\0" for n in range(1, 20_001))
        began = time.process_time()
        refusal(decode, b"\xb9\x4e\x20" + keys, Bounds(size=2**20, items=100_000, depth=64))
        assert time.process_time() - began < 0.2

    def test_a_point_in_time_has_a_timezone(self):
        assert decode(bytes.fromhex("c11a514b67b0"), BOUNDS) == datetime(2013, 3, 21, 20, 4, tzinfo=UTC)

    def test_the_message_says_what_is_wrong_and_is_short(self):
        assert str(refusal(decode, bytes.fromhex("d9d9f700"))) == "tag 55799: only the tags 0 to 3 are known"
        assert len(str(refusal(decode, b"\x7a\x00\x10\x00\x00" + b"\xff" * 2**19))) < 300


def test_a_value_of_the_hosts_own_may_be_deeper_than_python_recurses():
    deep = []
    for _ in range(600):
        deep = [deep]
    bounds = Bounds(2**20, 2**20, 700)
    assert decode(encode_deep(deep, bounds), bounds) == deep
    for wrong, code in ((Bounds(2**20, 2**20, 600), "too_deep"), (Bounds(100, 2**20, 700), "too_large")):
        with pytest.raises(CodecError) as caught:
            encode_deep(deep, wrong)
        assert caught.value.code == code


@pytest.mark.parametrize("count", [0, 1, 23, 24, 300])
def test_items_that_are_encoded_make_a_list(count):
    bounds = Bounds(2**20, 2**20, 9)
    assert list_of([encode(number, bounds) for number in range(count)]) == encode(list(range(count)), bounds)
