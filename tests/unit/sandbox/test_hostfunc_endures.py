import asyncio
import sys
import threading

import pytest

from wardian.errors import (
    AbiViolation,
    CapabilityError,
    HostCallsExceeded,
    HostFunctionError,
    ReplyTooLarge,
    RequestTooLarge,
    Trap,
)
from wardian.policy import Limits
from wardian.sandbox import hostfunc
from wardian.sandbox.hostfunc import HostFunction

MEMORY = '(memory (export "memory") 1)'
ASKS = f"""(module
  (import "app" "ask" (func $ask (param i32 i32) (result i64)))
  {MEMORY}
  (func (export "run") (param i32 i32) (result i64) (call $ask (local.get 0) (local.get 1)))
  (func (export "twice") (param i32 i32) (result i64)
    (drop (call $ask (local.get 0) (local.get 1)))
    (call $ask (local.get 0) (local.get 1)))
  (func (export "answer") (param i32 i32) (result i64) (i64.const 7)))"""
TRAPS = f'(module {MEMORY} (func (export "run") (param i32 i32) (result i64) (unreachable)))'
TAKES = f"""(module
  (import "app" "ask" (func $ask (param i32 i32) (result i64)))
  (import "wardian" "take" (func $take (param i32)))
  {MEMORY}
  (func (export "ask") (param i32 i32) (result i64) (call $ask (local.get 0) (local.get 1)))
  (func (export "fetch") (param i32 i32) (result i64)
    (drop (call $ask (i32.const 0) (i32.const 1)))
    (call $take (local.get 0))
    (i64.load (local.get 0)))
  (func (export "twice") (param i32 i32) (result i64)
    (drop (call $ask (i32.const 0) (i32.const 1)))
    (call $take (i32.const 8))
    (call $take (i32.const 8))
    (i64.const 0))
  (func (export "take") (param i32 i32) (result i64) (call $take (i32.const 8)) (i64.const 0)))"""


def asked(run, **more):
    return HostFunction("app", "ask", ("i32", "i32"), ("i64",), run, **more)


def raising(error):
    def run(*_):
        raise error

    return run


@pytest.mark.parametrize("kind", [ValueError, RecursionError, MemoryError, StopIteration, TimeoutError])
def test_what_a_function_raises_is_the_cause_of_what_its_caller_gets(sandbox, kind):
    error = kind("told so")
    instance = sandbox.open(ASKS, asked(raising(error)))
    with pytest.raises(HostFunctionError, match="told so") as raised:
        sandbox.run(instance)
    assert raised.value.__cause__ is error
    assert instance.broken


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, GeneratorExit, asyncio.CancelledError])
def test_what_ends_the_program_reaches_it_as_it_is(sandbox, kind):
    error = kind("enough")
    instance = sandbox.open(ASKS, asked(raising(error)))
    with pytest.raises(kind) as raised:
        sandbox.run(instance)
    assert raised.value is error
    assert instance.broken


def test_an_error_of_this_package_is_raised_as_it_is(sandbox):
    error = CapabilityError("invalid", "no")
    instance = sandbox.open(ASKS, asked(raising(error)))
    with pytest.raises(CapabilityError) as raised:
        sandbox.run(instance)
    assert raised.value is error


def test_an_exception_that_cannot_be_printed_still_ends_its_call_alone(sandbox):
    class UnprintableError(Exception):
        def __str__(self):
            raise ValueError("no text")

    instance = sandbox.open(ASKS, asked(raising(UnprintableError())))
    with pytest.raises(HostFunctionError, match="Unprintable"):
        sandbox.run(instance)
    assert instance.broken


def test_each_of_many_threads_gets_its_own_exception_and_no_other(sandbox):
    """8 threads, 4,000 calls, of which half raise."""

    class OwnError(Exception):
        pass

    def run(_call, thread, number):
        if number % 2:
            raise OwnError((thread, number))
        return thread * 1000 + number

    prepared, wrong, limits = sandbox.prepare(ASKS, asked(run)), [], Limits()

    def hammer(thread):
        for number in range(500):
            instance, _ = prepared.instantiate(limits, 5.0)
            try:
                answer = sandbox.run(instance, "run", thread, number)
                right = not number % 2 and answer == thread * 1000 + number and not instance.broken
            except HostFunctionError as error:
                right = number % 2 and error.__cause__.args == ((thread, number),) and instance.broken
            except BaseException:  # noqa: BLE001 - whatever it is, it is wrong
                right = False
            if not right:
                wrong.append((thread, number))
            instance.close()

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        threads = [threading.Thread(target=hammer, args=(index,)) for index in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert wrong == []
    assert sandbox.ticker.running == {}


def test_integers_of_any_mix_of_types_arrive_unsigned(sandbox):
    got = []
    function = HostFunction(
        "app", "mix", ("i64", "i32", "i64", "i32"), ("i64",), lambda _call, *given: got.append(given) or -5
    )
    instance = sandbox.open(
        f"""(module (import "app" "mix" (func $mix (param i64 i32 i64 i32) (result i64))) {MEMORY}
        (func (export "run") (param i32 i32) (result i64)
          (call $mix (i64.const -1) (i32.const -1) (i64.const 0x8000000000000000) (i32.const 0x80000000))))""",
        function,
    )
    assert sandbox.run(instance) == -5
    assert got == [(2**64 - 1, 2**32 - 1, 2**63, 2**31)]


@pytest.mark.parametrize("params", ["", "i32", "i64", "i32 i64", "i32 i32", "i64 i64 i64"])
@pytest.mark.parametrize("result", ["", "i32", "i64"])
def test_a_function_of_any_type_gets_what_was_passed_and_gives_its_result(sandbox, params, result):
    got = []
    kinds = tuple(params.split())
    answer = {"": None, "i32": 0xFFFFFFFF, "i64": -(2**63)}[result]
    function = HostFunction(
        "app", "ask", kinds, (result,) if result else (), lambda _call, *given: got.append(given) or answer
    )
    passed = " ".join(f"({kind}.const {index + 1})" for index, kind in enumerate(kinds))
    asking = {"": "(call $ask {}) (i64.const 3)", "i32": "(i64.extend_i32_u (call $ask {}))", "i64": "(call $ask {})"}
    instance = sandbox.open(
        f"""(module (import "app" "ask" (func $ask (param {params}) {f"(result {result})" if result else ""})) {MEMORY}
        (func (export "run") (param i32 i32) (result i64) {asking[result].format(passed)}))""",
        function,
    )
    assert sandbox.run(instance) == {"": 3, "i32": 0xFFFFFFFF, "i64": -(2**63)}[result]
    assert got == [tuple(range(1, len(kinds) + 1))]


@pytest.mark.parametrize("answer", [None, "7", b"7", 7.0, [7], 2**63, -(2**63) - 1])
def test_a_result_that_is_no_integer_of_64_bits_ends_the_call(sandbox, answer):
    instance = sandbox.open(ASKS, asked(lambda *_: answer))
    with pytest.raises(HostFunctionError) as raised:
        sandbox.run(instance)
    assert isinstance(raised.value.__cause__, (TypeError, OverflowError))


def test_a_guest_that_fails_within_a_host_function_does_not_break_the_one_that_called(sandbox):
    inner = sandbox.open(TRAPS)

    def run(*_):
        with pytest.raises(Trap):
            sandbox.run(inner)
        return 42

    outer = sandbox.open(ASKS, asked(run))
    assert sandbox.run(outer) == 42
    assert (inner.broken, outer.broken) == (True, False)
    assert sandbox.run(outer, "answer") == 7
    assert sandbox.ticker.running == {}


def test_what_a_nested_guests_function_raises_stays_with_the_nested_call(sandbox):
    inner = sandbox.open(ASKS, asked(raising(ValueError("inner"))))

    def run(*_):
        with pytest.raises(HostFunctionError, match="inner"):
            sandbox.run(inner)
        raise LookupError("outer")

    outer = sandbox.open(ASKS, asked(run))
    with pytest.raises(HostFunctionError, match="outer") as raised:
        sandbox.run(outer)
    assert isinstance(raised.value.__cause__, LookupError)


def test_two_guests_call_each_other_on_one_thread(sandbox):
    def run(_call, number, _):
        return sandbox.run(guests[number % 2], "run", number - 1) + 1 if number else 0

    guests = [sandbox.open(ASKS, asked(run)), sandbox.open(ASKS, asked(lambda *_: 100))]
    assert sandbox.run(guests[1]) == 100
    assert sandbox.run(guests[0], "run", 3) == 101


def test_a_call_that_has_to_end_ends_as_soon_as_the_function_returns(sandbox):
    def run(call, *_):
        call.ended_by = "cancelled"
        return 1

    instance = sandbox.open(ASKS, asked(run))
    with pytest.raises(Exception, match="cancelled"):
        sandbox.run(instance)


@pytest.mark.parametrize("name", ["ask", "take"])
def test_a_start_section_cannot_call_the_host(sandbox, name):
    calling = {"ask": "(drop (call $ask (i32.const 0) (i32.const 0)))", "take": "(call $take (i32.const 0))"}[name]
    text = f"""(module (import "app" "ask" (func $ask (param i32 i32) (result i64)))
      (import "wardian" "take" (func $take (param i32))) {MEMORY}
      (func $start {calling})
      (start $start))"""
    with pytest.raises(AbiViolation) as raised:
        sandbox.open(text, asked(lambda *_: 0), hostfunc.take("wardian"))
    assert raised.value.code == {"ask": "not_ready", "take": "nothing_to_take"}[name]


def test_host_calls_are_counted_by_name_and_allowed_up_to_the_limit(sandbox):
    limits = Limits(host_calls=2)
    instance = sandbox.open(ASKS, asked(lambda *_: 5), limits=limits)
    call = instance.begin(10**9)
    assert instance.run(call, instance.function("twice")) == 5
    assert call.host_calls == {"app.ask": 2}
    with pytest.raises(HostCallsExceeded) as raised:
        instance.run(call, instance.function("run"))
    assert (raised.value.limit, raised.value.value, raised.value.asked) == ("host_calls", 2, 3)
    assert raised.value.__cause__ is None


def test_no_host_calls_may_be_allowed_at_all(sandbox):
    instance = sandbox.open(ASKS, asked(lambda *_: 5), limits=Limits(host_calls=0))
    with pytest.raises(HostCallsExceeded):
        sandbox.run(instance)


def test_what_is_not_counted_is_free_whatever_its_type(sandbox):
    instance = sandbox.open(ASKS, asked(lambda *_: 5, counted=False), limits=Limits(host_calls=0))
    call = instance.begin(10**9)
    assert instance.run(call, instance.function("twice")) == 5
    assert call.host_calls is None


def exchanging(sandbox, answer, **limits):
    exchange = hostfunc.exchange("app", "ask", answer)
    return sandbox.open(TAKES, exchange, hostfunc.take("wardian"), limits=Limits(**limits))


def test_a_reply_waits_until_it_is_taken_and_then_is_forgotten(sandbox):
    instance = exchanging(sandbox, lambda _call, _request: (True, b"12345678"))
    assert sandbox.run(instance, "fetch", 64).to_bytes(8, "little") == b"12345678"
    with pytest.raises(AbiViolation) as raised:
        sandbox.run(instance, "twice")
    assert raised.value.code == "nothing_to_take"
    with pytest.raises(AbiViolation):
        sandbox.run(instance, "take")


def test_a_host_call_answers_with_the_length_negative_for_an_error_and_0_for_null(sandbox):
    answers = iter([(True, b"abc"), (False, b"abcd"), (True, b"")])
    instance = exchanging(sandbox, lambda _call, _request: next(answers))
    assert [sandbox.run(instance, "ask") for _ in range(3)] == [3, -4, 0]


def test_a_request_is_copied_and_bounded_before_it_is_read(sandbox):
    got = []
    instance = exchanging(sandbox, lambda _call, request: got.append(request) or (True, b""), request=8)
    instance.memory.write(100, b"ABCDEFGH")
    sandbox.run(instance, "ask", 100, 8)
    assert got == [b"ABCDEFGH"]
    with pytest.raises(RequestTooLarge):
        sandbox.run(instance, "ask", 0xFFFFFFF0, 9)
    with pytest.raises(AbiViolation):
        sandbox.run(instance, "ask", 65_536 - 7, 8)


def test_a_reply_over_the_limit_never_waits(sandbox):
    instance = exchanging(sandbox, lambda _call, _request: (True, b"x" * 9), reply=8)
    call = instance.begin(10**9)
    with pytest.raises(ReplyTooLarge):
        instance.run(call, instance.function("ask"))
    assert call.waiting is None


def test_a_reply_cannot_be_taken_to_outside_the_memory(sandbox):
    instance = exchanging(sandbox, lambda _call, _request: (True, b"12345678"))
    with pytest.raises(AbiViolation) as raised:
        sandbox.run(instance, "fetch", 65_536 - 7)
    assert raised.value.code == "bad_pointer"
    assert instance.memory.read(65_536 - 8, 8) == bytes(8)


def test_where_the_interpreters_stack_is_nearly_full_a_guest_is_never_told_what_nobody_answered(sandbox):
    instance = sandbox.open(ASKS, asked(lambda *_: 1_000_000))
    outcomes = set()

    def dive(left):
        if left:
            return dive(left - 1)
        try:
            return sandbox.run(instance)
        except RecursionError:
            return "full"
        except HostFunctionError as error:
            return type(error.__cause__).__name__

    for depth in range(sys.getrecursionlimit() - 100, sys.getrecursionlimit()):
        try:
            outcomes.add(dive(depth))
        except RecursionError:
            outcomes.add("full")
    assert outcomes <= {1_000_000, "full", "RecursionError"}
