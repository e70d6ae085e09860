import threading

import pytest

from wardian.capabilities.variables import MOST_BYTES, MOST_NAME, MOST_VARIABLES, Variables, View
from wardian.errors import CapabilityError
from wardian.sandbox.deadline import Call


@pytest.fixture
def view():
    return View(Variables({"a": 1}))


def test_what_a_call_sets_is_seen_by_itself_and_by_nobody_else_until_it_succeeds():
    shared, call = Variables({"a": 1}), Call()
    one, other = View(shared), View(shared)
    one.set(call, "a", 2)
    one.set(call, "b", [3])
    assert (one.get(call, "a"), one.values(call)) == (2, {"a": 2, "b": [3]})
    assert (other.get(call, "a"), shared.values()) == (1, {"a": 1})
    one.settle(succeeded=True)
    assert other.values(call) == shared.values() == {"a": 2, "b": [3]}


def test_what_a_failed_call_set_is_forgotten(view):
    call = Call()
    view.set(call, "a", 2)
    view.settle(succeeded=False)
    assert view.values(call) == {"a": 1}
    view.settle(succeeded=True)
    assert view.values(call) == {"a": 1}


def test_what_it_is_made_with_is_copied_into_plain_data():
    given = [1]
    variables = Variables({"a": given, "b": (1, (2,)), "c": bytearray(b"x")})
    given.append(2)
    assert variables.values() == {"a": [1], "b": [1, [2]], "c": b"x"}


def test_null_removes(view):
    call = Call()
    view.set(call, "a", None)
    assert (view.get(call, "a"), view.values(call)) == (None, {})
    view.settle(succeeded=True)
    assert view.values(call) == {}
    assert Variables({"n": None}).values() == {}


def test_a_call_may_have_variables_of_its_own(view):
    call, own = Call(), Variables({"own": 1})
    call.variables = own
    assert view.values(call) == {"own": 1}
    view.set(call, "own", 2)
    view.settle(succeeded=True)
    assert own.get("own") == 2
    assert view.values(Call()) == {"a": 1}


@pytest.mark.parametrize(
    "values", [{"": 1}, {"n" * (MOST_NAME + 1): 1}, {"a\nb": 1}, {1: 1}, {"a": object()}, {"a": {1: 2}}]
)
def test_a_wrong_name_or_value_is_named(values):
    with pytest.raises(ValueError, match=r"expected|`a`"):
        Variables(values)


def test_there_are_at_most_so_many_and_so_many_bytes():
    with pytest.raises(ValueError, match="at most 1000 variables"):
        Variables({str(n): n for n in range(MOST_VARIABLES + 1)})
    with pytest.raises(ValueError, match="bytes"):
        Variables({str(n): "x" * 60_000 for n in range(5)})
    Variables({str(n): n for n in range(MOST_VARIABLES)})


def test_a_call_cannot_set_more_either_and_goes_on_with_what_it_has(view):
    call = Call()
    for n in range(MOST_VARIABLES - 1):
        view.set(call, str(n), n)
    view.set(call, "a", 2)  # it is there already
    with pytest.raises(CapabilityError) as caught:
        view.set(call, "one too many", 1)
    assert (caught.value.kind, caught.value.guest_code) == ("exhausted", "variables")
    view.set(call, "0", None)
    view.set(call, "another", 1)
    assert len(view.values(call)) == MOST_VARIABLES
    for value in ("x" * MOST_BYTES, "x" * (MOST_BYTES - 100)):
        with pytest.raises(CapabilityError, match=r"bytes|too large"):
            view.set(call, "1", value)


def test_removing_what_is_not_there_keeps_nothing(view):
    call = Call()
    for n in range(MOST_VARIABLES * 3):
        view.set(call, str(n), None)
    assert view._changes == {}
    view.set(call, "a", None)
    view.set(call, "b", 1)
    view.set(call, "b", None)
    assert view.values(call) == {}
    view.settle(succeeded=True)
    assert view.values(call) == {}


def test_many_threads_change_one_scope_and_none_loses_its_own():
    shared = Variables()

    def work(number):
        view, call = View(shared), Call()
        for n in range(100):
            view.set(call, f"{number}", n)
            view.settle(succeeded=True)
            view.values(call)

    threads = [threading.Thread(target=work, args=[number]) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert shared.values() == {str(number): 99 for number in range(8)}
