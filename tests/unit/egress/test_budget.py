"""What a request may still use is asked before every wait."""

import time

import pytest

from wardian.egress.budget import HEAD, SLICE, Budget, CallOver, OutOfPatience, OverLimit


def budget(most=60.0, patience=None, response=1000, call_left=lambda: 60.0):
    return Budget(most, patience, response, call_left)


def test_a_wait_is_a_slice_at_most_and_never_beyond_what_is_left():
    assert budget().wait() == SLICE
    assert budget(most=0.01).wait() <= 0.01
    assert budget(call_left=lambda: 0.005).wait() == 0.005
    assert 59 < budget().left() <= 60


def test_who_ended_it_is_told_apart():
    late = {"most": 1e-9}
    with pytest.raises(CallOver):
        budget(call_left=lambda: 0.0, **late).left()
    with pytest.raises(OverLimit) as caught:
        budget(**late, patience=5).wait()
    assert (caught.value.limit, caught.value.value) == ("http_time", 1e-9)
    with pytest.raises(OutOfPatience):
        budget(patience=1e-9).wait()


def test_the_call_is_asked_anew_each_time():
    left = [5.0, 0.0]
    waiting = budget(call_left=lambda: left.pop(0))
    assert waiting.wait() == SLICE
    with pytest.raises(CallOver):
        waiting.wait()


def test_the_guests_patience_shortens_the_limit_and_never_lengthens_it():
    for patience in (0.05, 1e9):
        waiting = budget(most=0.05 if patience > 1 else 60, patience=patience)
        assert waiting.left() <= 0.05
        time.sleep(0.06)
        with pytest.raises(OverLimit if patience > 1 else OutOfPatience):
            waiting.left()


def test_bytes_off_the_wire_are_bounded_whatever_they_carry():
    whole = budget(response=HEAD)
    for _ in range(6):
        whole.take(HEAD, head=False)
    with pytest.raises(OverLimit) as caught:
        whole.take(1, head=False)
    assert (caught.value.limit, caught.value.value, caught.value.asked) == ("http_response", HEAD, 6 * HEAD + 1)


def test_the_head_of_each_answer_is_bounded_by_itself():
    each = budget(response=2**20)
    for _ in range(3):
        each.begin_head()
        each.take(2 * HEAD, head=True)
    with pytest.raises(OverLimit):
        each.take(1, head=True)
