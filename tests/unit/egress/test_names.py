"""Names are looked up on few threads, each once, and whatever a resolver does is an answer or none."""

import threading
import time

import pytest

from wardian.egress.budget import Budget, CallOver, OutOfPatience
from wardian.egress.names import AT_ONCE, Names, ask_the_system
from wardian.errors import CapabilityError


def budget(patience=20.0):
    return Budget(60, patience, 0, lambda: 60.0)


def test_the_answer_is_kept_in_its_order_and_asked_for_each_time():
    asked = []

    def resolver(host, port, seconds):
        asked.append((host, port))
        assert 0 < seconds <= 20
        return ["2.2.2.2", "1.1.1.1"]

    names = Names(resolver)
    for _ in range(2):
        assert names.addresses("a.test", 80, budget()) == ("2.2.2.2", "1.1.1.1")
    assert asked == [("a.test", 80)] * 2


def test_the_system_is_asked_by_default():
    assert "127.0.0.1" in Names(None).addresses("localhost", 80, budget())
    assert ask_the_system("127.0.0.1", 80, 1) == ["127.0.0.1"]


def raises(*_):
    raise RuntimeError("no server of names")


@pytest.mark.parametrize(
    "resolver", [raises, lambda *_: [], lambda *_: None, lambda *_: ["1.1.1.1"] * 65], ids=range(4)
)
def test_what_is_no_answer_is_an_error_that_may_pass(resolver):
    with pytest.raises(CapabilityError) as caught:
        Names(resolver).addresses("a.test", 80, budget())
    assert (caught.value.kind, caught.value.guest_code) == ("transient", "resolve")
    assert "no server" not in caught.value.message


def test_a_request_that_ends_before_its_look_up_begins_takes_up_no_place():
    left = iter([60.0, 0.0] * 2 * AT_ONCE)
    names = Names(lambda *_: ["1.1.1.1"])
    for _ in range(2 * AT_ONCE):
        with pytest.raises(CallOver):
            names.addresses("a.test", 80, Budget(60, None, 0, lambda: next(left)))
    assert names.addresses("a.test", 80, budget()) == ("1.1.1.1",)


def test_look_ups_that_nobody_waits_for_any_more_still_count_and_come_to_an_end():
    go = threading.Event()
    began = threading.active_count()
    names = Names(lambda *_: go.wait(60) and ["1.1.1.1"])
    for _ in range(AT_ONCE + 3):
        with pytest.raises(OutOfPatience):
            names.addresses("a.test", 80, budget(0.01))
    assert threading.active_count() == began + AT_ONCE
    go.set()
    assert names.addresses("a.test", 80, budget()) == ("1.1.1.1",)
    until = time.monotonic() + 10
    while threading.active_count() > began and time.monotonic() < until:
        time.sleep(0.001)
    assert threading.active_count() == began
