"""A call that is made within another one ends with it, is no deeper than allowed, and its errors answer its caller."""

import threading
import time

import pytest

from support.nested import ACTION, APP, GRANT, LONG
from wardian import (
    Cancelled,
    CapabilityError,
    DeadlineExceeded,
    GuestError,
    HostFunctionError,
    Limits,
)
from wardian.capabilities.application import MOST_NESTED


@pytest.fixture
def noting():
    """Wraps an action, and notes what it raised."""
    raised = []

    def noted(action):
        def call(params):
            try:
                return action(params)
            except BaseException as error:
                raised.append(error)
                raise

        return call

    return raised, noted


# ---- What becomes of an action's errors ----


def test_an_action_may_be_a_plugin_and_gives_what_that_gives(acts, load):
    echoes = load("echoes")
    plugin = acts(echo=lambda params: echoes.call("echo", params))
    assert plugin.call("ask", ["echo", {"a": [1, b"x"]}]) == {"a": [1, b"x"]}


def test_the_error_of_a_plugin_answers_the_guest_that_called_it_whole(acts, load):
    def refuse(_):
        raise CapabilityError("transient", "later", guest_code="E1", retry_after_ms=7, details={"a": 1})

    inner = load("asks", {'"wardian" "log"': '"app" "refuse"'}, functions={"refuse": refuse})
    with pytest.raises(GuestError) as caught:
        acts(inner=lambda _: inner.call("ask")).call("ask", ["inner", None])
    error = caught.value
    assert (error.kind, error.message, error.guest_code, error.retry_after_ms, error.details) == (
        "transient", "later", "E1", 7, {"a": 1},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "entry", "limits", "kind", "code"),
    [
        ("spins", "spin", Limits(deadline="20ms"), "transient", "deadline_exceeded"),
        ("spins", "spin", Limits(fuel=1_000), "exhausted", "fuel_exhausted"),
        ("recurses", "run", Limits(), "exhausted", "stack_exhausted"),
        ("echoes", "nothing", Limits(), "internal", "no_such_entry"),
        ("takes", "nothing", Limits(), "internal", "nothing_to_take"),
    ],
)
def test_what_ended_a_plugin_is_told_to_the_guest_that_called_it(acts, load, name, entry, limits, kind, code):
    functions = {"one": lambda _: 1, "two": lambda _: 2} if name == "takes" else {}
    inner = load(name, limits=limits, functions=functions)
    plugin = acts(inner=lambda _: inner.call(entry), ok=lambda _: "ok")
    with pytest.raises(GuestError) as caught:
        plugin.call("ask", ["inner", None])
    assert (caught.value.kind, caught.value.guest_code) == (kind, code)
    assert plugin.call("ask", ["ok", None]) == "ok"


def test_what_the_application_raised_within_a_plugin_is_not_told_to_another_one(acts, load):
    def fails(_):
        raise ValueError("the password is 1234")

    inner = load("asks", {'"wardian" "log"': '"app" "fails"'}, functions={"fails": fails})
    with pytest.raises(GuestError) as caught:
        acts(inner=lambda _: inner.call("ask")).call("ask", ["inner", None])
    assert caught.value.kind == "internal"
    assert "1234" not in str(caught.value)


def test_whatever_else_an_action_raises_ends_the_call(acts):
    def fails(_):
        raise ValueError("no")

    with pytest.raises(HostFunctionError, match="`fails` raised ValueError: no"):
        acts(fails=fails).call("ask", ["fails", None])


# ---- What ends with what ----


@pytest.mark.parametrize("through", ["action", "function"])
def test_a_deadline_ends_the_inner_call_too_and_each_has_an_error_of_its_own(load, noting, through):
    raised, noted = noting
    inner = load("spins", limits=LONG)
    call = noted(lambda _: inner.call("spin"))
    limits = Limits(deadline="100ms")
    if through == "action":
        outer, request = load("asks", ACTION, grants=GRANT, actions={"spin": call}, limits=limits), ["spin", None]
    else:
        outer, request = load("asks", APP, functions={"call": call}, limits=limits), None
    began = time.monotonic()
    with pytest.raises(DeadlineExceeded) as caught:
        outer.call("ask", request)
    assert time.monotonic() - began < 5
    assert (caught.value.value, caught.value.where) == (0.1, "asks: ask")
    assert [type(each) for each in raised] == [Cancelled]


@pytest.mark.parametrize("end", ["cancel", "close"])
def test_cancelling_or_closing_a_plugin_ends_what_it_called(acts, load, noting, end):
    raised, noted = noting
    inner, begun = load("spins", limits=LONG), threading.Event()

    def spin(_):
        begun.set()
        return inner.call("spin")

    outer = acts(spin=noted(spin))

    def stop():
        begun.wait(10)
        time.sleep(0.02)
        getattr(outer, end)()

    thread = threading.Thread(target=stop)
    thread.start()
    began = time.monotonic()
    with pytest.raises(Cancelled) as caught:
        outer.call("ask", ["spin", None])
    thread.join()
    assert time.monotonic() - began < 10
    assert ("closed" in str(caught.value)) is (end == "close")
    assert [type(each) for each in raised] == [Cancelled]
    assert inner.call("answer") is None


def test_cancelling_the_inner_plugin_leaves_the_outer_call_alone(acts, load):
    inner, begun = load("spins", limits=LONG), threading.Event()

    def spin(_):
        begun.set()
        return inner.call("spin")

    outer = acts(spin=spin)

    def stop():
        begun.wait(10)
        while not inner.cancel():
            time.sleep(0.001)

    thread = threading.Thread(target=stop)
    thread.start()
    with pytest.raises(GuestError) as caught:
        outer.call("ask", ["spin", None])
    thread.join()
    assert (caught.value.kind, caught.value.guest_code) == ("transient", "cancelled")
    with pytest.raises(GuestError, match="there is no action `other`"):
        outer.call("ask", ["other", None])


def test_all_levels_of_nested_calls_end_together(load):
    ended = []
    innermost = load("spins", limits=LONG)

    def around(inner, entry, number):
        def call(params):
            try:
                return inner.call(entry, params)
            finally:
                ended.append(number)

        return load("asks", ACTION, name=f"level{number}", grants=GRANT, actions={"down": call}, limits=LONG)

    plugin, entry, request = innermost, "spin", None
    for number in range(3):
        plugin, entry = around(plugin, entry, number), "ask"
        request = ["down", request]
    outermost = load("asks", ACTION, name="top", grants=GRANT, limits=Limits(deadline="100ms"),
                     actions={"down": lambda params: plugin.call("ask", params)})  # fmt: skip
    began = time.monotonic()
    with pytest.raises(DeadlineExceeded):
        outermost.call("ask", ["down", request])
    assert time.monotonic() - began < 5
    assert ended == [0, 1, 2]


def test_a_call_that_waits_for_a_free_instance_waits_no_longer_than_its_outer_call(load):
    busy = load("spins", limits=Limits(deadline=30, start_deadline=20))
    holder = threading.Thread(target=spin_until_cancelled, args=[busy])
    holder.start()
    while "1 in use" not in repr(busy):
        time.sleep(0.001)
    outer = load("asks", APP, functions={"call": lambda _: busy.call("answer")}, limits=Limits(deadline="100ms"))
    began = time.monotonic()
    with pytest.raises(DeadlineExceeded):
        outer.call("ask")
    assert time.monotonic() - began < 5
    busy.cancel()
    holder.join()


def test_others_are_not_touched_by_the_end_of_a_tree(acts, load):
    other = load("spins", name="other", limits=Limits(deadline="600ms"))
    result = []

    def spin():
        began = time.monotonic()
        with pytest.raises(DeadlineExceeded):
            other.call("spin")
        result.append(time.monotonic() - began)

    thread = threading.Thread(target=spin)
    thread.start()
    inner = load("spins", limits=LONG)
    with pytest.raises(DeadlineExceeded):
        acts(limits=Limits(deadline="50ms"), spin=lambda _: inner.call("spin")).call("ask", ["spin", None])
    thread.join()
    assert result[0] > 0.55


def test_a_guest_that_asks_is_told_that_the_call_around_it_has_to_end(acts, load):
    inner = load("ends_when_asked", limits=Limits(deadline=30, host_calls=2**31 - 1))
    begun = threading.Event()

    def wait(_):
        begun.set()
        return inner.call("run")

    outer = acts(wait=wait)

    def stop():
        begun.wait(10)
        time.sleep(0.02)
        outer.cancel(grace=20)

    thread = threading.Thread(target=stop)
    thread.start()
    assert outer.call("ask", ["wait", None]) is None
    thread.join()


def spin_until_cancelled(plugin):
    with pytest.raises(Cancelled):
        plugin.call("spin")


# ---- Depth ----


def test_calls_nest_as_deep_as_allowed_and_the_next_one_is_answered(load, runtime):
    depth = []

    def down(_):
        depth.append(1)
        return plugin.call("ask", ["down", None])

    limits = Limits(stack="64KiB", deadline=30)
    plugin = load("asks", ACTION, grants=GRANT, actions={"down": down}, instances=MOST_NESTED + 2, limits=limits)
    with pytest.raises(GuestError) as caught:
        plugin.call("ask", ["down", None])
    assert (caught.value.kind, caught.value.guest_code) == ("exhausted", "nested")
    assert f"at most {MOST_NESTED} deep" in caught.value.message
    assert len(depth) == MOST_NESTED - 1


# ---- Asynchronous actions ----


def test_a_limit_of_the_instances_within_a_call_is_told_as_passing(acts, load):
    busy = load("spins", limits=Limits(deadline=30, start_deadline="30ms"))
    holder = threading.Thread(target=spin_until_cancelled, args=[busy])
    holder.start()
    while "1 in use" not in repr(busy):
        time.sleep(0.001)
    with pytest.raises(GuestError) as caught:
        acts(wait=lambda _: busy.call("answer")).call("ask", ["wait", None])
    assert (caught.value.kind, caught.value.details) == ("transient", {"limit": "instances"})
    busy.cancel()
    holder.join()
