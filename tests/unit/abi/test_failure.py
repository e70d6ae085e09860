import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.abi.failure import ERROR_KINDS, LONGEST_MESSAGE, ErrorItem, WrongShape

LEAST = {"kind": "invalid", "message": "no id"}

items = st.builds(
    ErrorItem,
    st.sampled_from(ERROR_KINDS),
    st.text(),
    st.none() | st.text(max_size=128),
    st.none() | st.integers(0, 2**64 - 1),
    st.none() | st.integers() | st.lists(st.text()),
)


@given(items)
def test_an_error_comes_back_as_it_was(item):
    assert ErrorItem.from_value(item.to_value()) == item


def test_what_is_none_is_left_out():
    assert ErrorItem("invalid", "no id").to_value() == LEAST


def test_a_long_message_is_cut_both_ways():
    long = "x" * (LONGEST_MESSAGE + 1)
    assert ErrorItem.from_value({**LEAST, "message": long}).message == "x" * LONGEST_MESSAGE
    assert ErrorItem("internal", long).to_value()["message"] == "x" * LONGEST_MESSAGE


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (None, "as a map, got nothing"),
        ("no id", "as a map, got str"),
        ([LEAST], "as a map, got list"),
        ({}, "`kind`"),
        ({"message": "x"}, "`kind`"),
        ({"kind": "fatal", "message": "x"}, "'fatal'"),
        ({"kind": 7, "message": "x"}, "got 7"),
        ({"kind": [], "message": "x"}, "got list"),
        ({"kind": "Invalid", "message": "x"}, "`kind`"),
        ({"kind": b"invalid", "message": "x"}, "`kind`"),
        ({"kind": "invalid"}, "`message`"),
        ({**LEAST, "message": b"x"}, "`message`: expected text, got bytes"),
        ({**LEAST, "code": 7}, "`code`"),
        ({**LEAST, "code": None}, "`code`"),
        ({**LEAST, "code": "x" * 129}, "`code`"),
        ({**LEAST, "retry_after_ms": -1}, "`retry_after_ms`"),
        ({**LEAST, "retry_after_ms": 1.5}, "`retry_after_ms`"),
        ({**LEAST, "retry_after_ms": True}, "`retry_after_ms`"),
        ({**LEAST, "hint": "x"}, "no field 'hint'"),
        ({**LEAST, b"code": "x"}, "no field b'code'"),
    ],
)
def test_another_shape_is_refused_with_the_field_that_is_wrong(value, says):
    with pytest.raises(WrongShape) as refused:
        ErrorItem.from_value(value)
    assert says in str(refused.value)


def test_what_a_guest_wrote_is_shown_short_and_without_control_characters():
    with pytest.raises(WrongShape) as refused:
        ErrorItem.from_value({"kind": "\x1b[2J\n" + "x" * 10_000, "message": ""})
    assert len(str(refused.value)) < 300
    assert str(refused.value).isprintable()
    with pytest.raises(WrongShape) as refused:
        ErrorItem.from_value({**LEAST, "\x1b\u202e" + "x" * 10_000: ""})
    assert len(str(refused.value)) < 300
    assert str(refused.value).isprintable()


def test_a_refusal_is_a_value_error():
    assert issubclass(WrongShape, ValueError)
