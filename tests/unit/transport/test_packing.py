from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.abi.codec import CodecError
from wardian.errors import StateError
from wardian.transport.packing import from_bytes, measure, pack, to_bytes, unpack

VALUES = st.lists(st.fixed_dictionaries({"data": st.binary(max_size=200_000) | st.text(max_size=20)}), max_size=12)


@given(VALUES)
def test_records_come_back_in_order_from_chunks_of_bounded_size(values):
    packed = pack(values)
    assert [value for each in packed for value in unpack(each.data, "")] == values
    for each in packed:
        assert each.values
        assert len(each.data) <= 256 * 1024 + 3 or len(each.values) == 1
        if each.sizes is not None:
            assert each.sizes == [measure(value) for value in each.values]


def test_small_records_are_one_chunk_though_the_first_is_the_smallest():
    (one,) = pack([{"data": number} for number in range(1000)])
    assert (len(one.values), one.sizes) == (1000, None)


def test_a_small_record_before_large_ones_does_not_make_a_large_chunk():
    packed = pack([{"data": 1}, *[{"data": "x" * 50_000}] * 20])
    assert [len(each.values) for each in packed] == [6, 5, 5, 5]


def test_no_records_are_no_chunk():
    assert pack([]) == []


def test_what_the_abi_has_comes_back_as_it_was():
    value = {"data": [None, True, 2**64 - 1, -(2**63), 1.5, b"\0", datetime(2026, 1, 2, tzinfo=UTC)], "key": b"k"}
    assert from_bytes(to_bytes(value), "") == value


def test_what_is_too_deep_for_a_guest_may_be_kept_up_to_a_bound():
    deep = shallow = 1
    for _ in range(590):
        shallow = [shallow]
    for _ in range(700):
        deep = [deep]
    assert from_bytes(to_bytes({"data": shallow}), "") == {"data": shallow}
    with pytest.raises(CodecError, match="deep"):
        to_bytes(deep)


@pytest.mark.parametrize("data", [b"", b"\xff", b"\x81", b"\xa1\x01\x02"])
def test_bytes_that_were_not_written_so_are_damage_with_its_place(data):
    with pytest.raises(StateError) as caught:
        unpack(data, "words.db")
    assert (caught.value.code, caught.value.where) == ("state_corrupt", "words.db")
