"""`wardian.pipeline.isolation`: the records on which a call fails are found, and the others are done."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as some

from wardian import Cancelled, StateError, Trap
from wardian.pipeline.isolation import isolated


class Poisoned:
    """A call that fails as soon as there is poison among its things, and has then done nothing."""

    def __init__(self, poison):
        self.poison, self.calls, self.done = poison, 0, []

    def __call__(self, things):
        self.calls += 1
        if self.poison & set(things):
            raise Trap("poison")
        self.done += things
        return [("made", each) for each in things]


@given(some.integers(1, 300), some.sets(some.integers(0, 299), max_size=20))
def test_each_thing_has_its_outcome_in_order_and_is_done_once(size, poison):
    call, failed = Poisoned(poison), []
    made = isolated(call, list(range(size)), failed.append)
    assert call.done == [at for at in range(size) if at not in poison]
    assert len(made) == size
    for at, outcome in enumerate(made):
        assert isinstance(outcome, Trap) if at in poison else outcome == ("made", at)
    assert len(failed) == len([at for at in poison if at < size])


@given(some.integers(2, 1000), some.data())
def test_one_in_so_many_is_found_in_as_many_halvings_as_there_are(size, data):
    call = Poisoned({data.draw(some.integers(0, size - 1))})
    isolated(call, list(range(size)), lambda _: None)
    assert call.calls <= 2 * math.ceil(math.log2(size)) + 1


@pytest.mark.parametrize("error", [Cancelled("now"), StateError("full")])
def test_what_is_the_fault_of_no_record_ends_it_at_once(error):
    calls = []

    def call(things):
        calls.append(things)
        raise error

    with pytest.raises(type(error)):
        isolated(call, [1, 2, 3], lambda _: None)
    assert len(calls) == 1


def test_who_is_told_of_a_failure_can_end_it():
    def stop(error):
        raise RuntimeError from error

    with pytest.raises(RuntimeError):
        isolated(Poisoned({1}), [1, 2], stop)
