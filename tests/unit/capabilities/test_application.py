import pytest

from wardian import errors
from wardian.capabilities.application import MOST_NESTED, as_answer, ask, ask_nested
from wardian.errors import Cancelled, CapabilityError, GuestError, HostFunctionError, LimitExceeded
from wardian.sandbox.deadline import Call


def call(seconds=5.0):
    import time

    made = Call()
    made.deadline_at = time.monotonic_ns() + int(seconds * 1e9)
    return made


def raising(error):
    def function(*_):
        raise error

    return function


@pytest.mark.parametrize("error", [Cancelled("over"), LimitExceeded("over", limit="deadline", value=1)])
def test_what_ended_because_the_call_is_over_marks_the_call_and_is_no_error_of_the_application(error):
    late = call(0)
    assert ask("f", late, raising(error)) is None
    assert late.ended_by == "deadline"
    with pytest.raises(HostFunctionError):
        ask("f", call(), raising(error))


KINDS = {
    "AbiViolation": "internal", "Cancelled": "transient", "ConfigError": "config", "DeadlineExceeded": "transient",
    "FuelExhausted": "exhausted", "HostCallsExceeded": "exhausted", "HostFunctionError": "internal",
    "LimitExceeded": "exhausted", "MemoryExceeded": "exhausted", "PackageError": "internal",
    "PermissionDenied": "denied", "ReplyTooLarge": "exhausted", "RequestTooLarge": "exhausted",
    "StackExhausted": "exhausted", "StateError": "internal", "Trap": "internal", "WardianError": "internal",
}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_each_error_of_a_plugin_answers_the_guest_that_called_it(name):
    kind = getattr(errors, name)
    error = kind("what happened", value=1) if issubclass(kind, LimitExceeded) else kind("what happened")
    with pytest.raises(CapabilityError) as caught:
        ask_nested("act", call(), raising(error), None)
    answer = caught.value
    assert (answer.kind, answer.guest_code) == (KINDS[name], kind.code)
    assert ("what happened" in answer.message) is (name != "HostFunctionError")


def test_an_answer_of_a_guest_is_passed_on_whole():
    answer = as_answer(GuestError("conflict", "no", guest_code="E", retry_after_ms=3, details=[1]))
    assert (answer.kind, answer.message, answer.guest_code, answer.retry_after_ms, answer.details) == (
        "conflict", "no", "E", 3, [1],
    )  # fmt: skip


def test_calls_nest_so_deep_and_no_deeper():
    made = call()
    for _ in range(MOST_NESTED - 2):
        inner = call()
        inner.put_within(made)
        made = inner
    assert ask_nested("act", made, lambda value: value, 1) == 1
    inner = call()
    inner.put_within(made)
    with pytest.raises(CapabilityError) as caught:
        ask_nested("act", inner, lambda _: pytest.fail("it was called"), 1)
    assert (caught.value.kind, caught.value.guest_code) == ("exhausted", "nested")
