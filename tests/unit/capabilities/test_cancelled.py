import pytest

from wardian.capabilities.cancelled import Cancelled
from wardian.sandbox.deadline import Call


@pytest.mark.parametrize(
    ("marks", "asked"),
    [
        ({}, False),
        ({"asked_to_end": True}, True),
        ({"ended_by": "deadline"}, True),
        ({"ended_by": "closed", "asked_to_end": True}, True),
    ],
)
def test_a_guest_is_told_once_its_call_has_to_end_for_whatever_reason(marks, asked):
    call = Call()
    for name, value in marks.items():
        setattr(call, name, value)
    assert Cancelled().asked(call, None) is asked


@pytest.mark.parametrize("marks", [{"asked_to_end": True}, {"ended_by": "closed"}])
def test_a_guest_is_told_of_the_calls_around_its_own(marks):
    outermost, outer, call = Call(), Call(), Call()
    outer.put_within(outermost)
    call.put_within(outer)
    assert Cancelled().asked(call, None) is False
    for name, value in marks.items():
        setattr(outermost, name, value)
    assert Cancelled().asked(call, None) is True
