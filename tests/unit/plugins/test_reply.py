import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.errors import AbiViolation, GuestError
from wardian.plugins import reply
from wardian.record import Record

items = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["data", "records", "kind", "message", "value", "interval_ms", "done"]), inner
        )
    ),
    max_leaves=12,
)


def refused(read, *given):
    with pytest.raises(AbiViolation) as raised:
        read(*given)
    assert raised.value.code == "bad_reply"
    return raised.value.message.removeprefix("the reply is wrong at ")


def test_null_is_nothing_else():
    assert reply.null(None) is None
    for other in (False, 0, "", [], {}):
        assert refused(reply.null, other).startswith("`$`: expected null")


def test_a_map_has_what_it_must_have_and_nothing_unknown():
    must, may = frozenset({"a"}), frozenset({"b"})
    assert reply.fields({"a": 1, "b": 2}, must, may) == {"a": 1, "b": 2}
    assert refused(reply.fields, {"b": 1}, must, may) == "`a`: it has to be there"
    assert refused(reply.fields, {"a": 1, "\x1b": 1}, must, may) == r"`$`: there is no field '\x1b'"
    assert refused(reply.fields, [], must, may) == "`$`: expected a map, got a list"


def test_a_number_is_whole_and_not_too_small():
    assert reply.whole(5, "n", 5) == 5
    for other in (4, 5.0, True, "5", None, 2**64):
        assert refused(reply.whole, other, "n", 5).startswith("`n`: expected a whole number from 5")


def test_records_are_told_wrong_by_their_place():
    assert reply.records([{"data": 1}], "records") == [Record(1)]
    assert refused(reply.records, [{"data": 1}, {"data": 1, "time": "noon"}], "at").startswith("`at[1]`: `time`")
    assert refused(reply.records, {"data": 1}, "at").startswith("`at`: expected a list of records")


def test_outcomes_are_as_many_as_there_were_things():
    read = reply.records
    error = {"kind": "transient", "message": "later", "code": "c", "retry_after_ms": 5, "details": [1]}
    first, second = reply.outcomes([[], error], 2, read, "here")
    assert first == []
    assert isinstance(second, GuestError)
    assert (second.kind, second.message, second.guest_code, second.retry_after_ms, second.details, second.where) == (
        *error.values(), "here",
    )  # fmt: skip
    assert refused(reply.outcomes, [[]], 2, read, "") == "`$`: expected 2 outcomes, one for each, got 1"
    assert refused(reply.outcomes, [[], {"kind": "odd", "message": ""}], 2, read, "").startswith("`[1]`: `kind`")


def test_remarks_have_levels_by_name():
    assert reply.remarks([[0, "a"], [4, "b"]]) == [("trace", "a"), ("error", "b")]
    assert refused(reply.remarks, [[5, "a"]]) == "`[0][0]`: expected a level from 0 to 4, got 5"


def test_an_answer_to_being_opened_is_an_interval_or_nothing():
    assert [reply.interval(each) for each in (None, {}, {"interval_ms": 5})] == [None, None, 5]
    assert refused(reply.interval, {"interval_ms": 0}).startswith("`interval_ms`: expected a whole number from 1")


@given(items)
def test_any_item_is_read_or_a_broken_rule(item):
    readers = [
        reply.null, reply.record_or_null, reply.remarks, reply.interval, lambda it: reply.records(it, "r"),
        lambda it: reply.outcomes(it, 1, reply.records, ""), lambda it: reply.fields(it, frozenset({"records"})),
    ]  # fmt: skip
    for read in readers:
        said = ""
        try:
            read(item)
        except AbiViolation as error:
            said = str(error)
        assert all(line.isprintable() for line in said.splitlines())
