from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone, tzinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.abi.bounds import CodecError
from wardian.abi.tags import MEANINGS, flaw_of_moment


class Nowhere(tzinfo):
    def utcoffset(self, moment):
        return None


@pytest.mark.parametrize(
    ("moment", "flaw"),
    [
        (datetime(2020, 1, 1), "without"),  # noqa: DTZ001
        (datetime(2020, 1, 1, tzinfo=Nowhere()), "without"),
        (datetime(2020, 1, 1, tzinfo=timezone(timedelta(seconds=61))), "whole minutes"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1))), "years 1 to 9999"),
        (datetime(9999, 12, 31, 23, 59, tzinfo=timezone(-timedelta(hours=1))), "years 1 to 9999"),
    ],
)
def test_a_datetime_that_is_no_point_in_time_is_named(moment, flaw):
    assert flaw in flaw_of_moment(moment)


def test_an_offset_is_kept():
    moment = MEANINGS[0]("2013-03-21T20:04:00+02:00", False)
    assert moment.utcoffset() == timedelta(hours=2)
    assert moment == datetime(2013, 3, 21, 18, 4, tzinfo=UTC)


@given(st.datetimes(timezones=st.just(UTC)))
def test_tag_0_reads_what_python_writes(moment):
    assert MEANINGS[0](moment.isoformat(), False) == moment


@given(st.integers(0, 253402300799) | st.floats(-62135596800, 253402300799))
def test_tag_1_reads_every_second_of_its_range(seconds):
    moment = MEANINGS[1](seconds, False)
    assert abs(moment.timestamp() - seconds) < 1e-3
    assert not flaw_of_moment(moment)


@pytest.mark.parametrize("tag", [0, 1, 2, 3])
@given(content=st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.lists(st.none()))
def test_whatever_a_tag_holds_nothing_but_the_one_error_is_raised(tag, content):
    with suppress(CodecError):
        assert isinstance(MEANINGS[tag](content, False), datetime if tag < 2 else int)


@given(st.binary(max_size=12))
def test_bignums_are_integers_of_64_bits_or_refused(digits):
    value = int.from_bytes(digits, "big")
    for tag, meant, fits in ((2, value, value < 2**64), (3, -1 - value, value < 2**63)):
        if fits:
            assert MEANINGS[tag](digits, False) == meant
        else:
            with pytest.raises(CodecError):
                MEANINGS[tag](digits, False)
