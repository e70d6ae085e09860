import signal
import threading
import time

import pytest

from support.programs import run
from support.sandboxed import sandbox
from wardian.errors import AbiViolation, HostCallsExceeded, HostFunctionError, PackageError
from wardian.policy import Limits
from wardian.sandbox.hostfunc import HostFunction, exchange, take

TEXT = """(module
  (import "m" "pair" (func $pair (param i32 i32) (result i64)))
  (memory (export "memory") 1)
  (global $after (export "after") (mut i32) (i32.const 0))
  (func (export "run") (param i32 i32)
    (drop (call $pair (local.get 0) (local.get 1)))
    (global.set $after (i32.const 1)) (i32.store (i32.const 0) (i32.const 1))))"""


def pair(function):
    return HostFunction("m", "pair", ("i32", "i32"), ("i64",), function)


def test_arguments_arrive_unsigned():
    seen = []
    with sandbox(TEXT, pair(lambda call, *given: seen.append(given) or 0)) as made:
        made.run(made.start(), "run", -1, 0x80000000 - 2**32)
    assert seen == [(2**32 - 1, 2**31)]


def test_arguments_and_results_of_every_type_arrive_whole():
    text = """(module
      (import "m" "f" (func $f (param i64 i32 i64 i32 i32) (result i32)))
      (memory (export "memory") 1)
      (func (export "run") (result i32)
        (call $f (i64.const -1) (i32.const -2) (i64.const 3) (i32.const 4) (i32.const -5))))"""
    seen = []
    function = HostFunction(
        "m", "f", ("i64", "i32", "i64", "i32", "i32"), ("i32",), lambda call, *given: seen.append(given) or 0xFFFFFFF0
    )
    with sandbox(text, function) as made:
        assert made.run(made.start(), "run") & 0xFFFFFFFF == 0xFFFFFFF0
    assert seen == [(2**64 - 1, 2**32 - 2, 3, 4, 2**32 - 5)]


@pytest.mark.parametrize("raised", [ValueError("v"), RecursionError(), MemoryError()], ids=repr)
def test_what_a_function_raises_ends_the_guest_at_once(raised):
    def fail(call, *_):
        raise raised

    with sandbox(TEXT, pair(fail)) as made:
        instance = made.start()
        with pytest.raises(HostFunctionError) as caught:
            made.run(instance, "run")
        assert caught.value.__cause__ is raised
        assert instance.broken
        assert instance.memory.read(0, 4) == bytes(4)


@pytest.mark.parametrize("result", ["text", None, 1.5, 2**64, [1]], ids=repr)
def test_a_result_that_is_no_number_of_its_type_ends_the_guest_and_is_never_cut(result):
    with sandbox(TEXT, pair(lambda call, *_: result)) as made:
        with pytest.raises(HostFunctionError) as caught:
            made.run(made.start(), "run")
        assert isinstance(caught.value.__cause__, (TypeError, OverflowError))


def test_recursion_in_a_function_is_an_error_and_no_crash():
    def recurse(call, *given):
        return recurse(call, *given)

    with sandbox(TEXT, pair(recurse)) as made, pytest.raises(HostFunctionError) as caught:
        made.run(made.start(), "run")
    assert isinstance(caught.value.__cause__, RecursionError)


def test_host_calls_are_counted_by_name_and_limited_together():
    with sandbox(TEXT, pair(lambda call, *_: 0), limits=Limits(host_calls=1)) as made:
        made.run(made.start(), "run")
        assert made.call.host_calls == {"m.pair": 1}
    none = Limits(host_calls=0)
    with sandbox(TEXT, pair(lambda call, *_: 0), limits=none) as made, pytest.raises(HostCallsExceeded):
        made.run(made.start(), "run")


def test_an_exchange_reads_a_copy_and_leaves_its_reply_until_it_is_taken():
    seen = []

    def answer(call, request):
        seen.append(request)
        return len(seen) == 1, b"reply"

    text = TEXT.replace(
        "(drop (call $pair (local.get 0) (local.get 1)))", "(call $pair (local.get 0) (local.get 1)) drop"
    )
    with sandbox(text, exchange("m", "pair", answer)) as made:
        instance = made.start()
        instance.memory.write(100, b"request")
        made.run(instance, "run", 100, 7)
        assert made.call.waiting == b"reply"
        take("m").run(made.call, 200)
        assert instance.memory.read(200, 5) == b"reply"
        with pytest.raises(AbiViolation, match="none is waiting"):
            take("m").run(made.call, 200)
    assert seen == [b"request"]
    assert type(seen[0]) is bytes


def test_a_guest_that_is_not_ready_may_not_call():
    text = TEXT.replace(
        "(global $after", "(func $early (drop (call $pair (i32.const 0) (i32.const 0)))) (start $early) (global $after"
    )
    with sandbox(text, pair(lambda call, *_: 0)) as made, pytest.raises(AbiViolation) as caught:
        made.start()
    assert caught.value.code == "not_ready"


def test_an_import_of_another_type_is_never_linked():
    with (
        pytest.raises(PackageError, match=r"m\.pair"),
        sandbox(TEXT, HostFunction("m", "pair", ("i32",), (), lambda *_: 0)),
    ):
        pass


def test_a_call_within_a_call_is_its_own():
    with sandbox(TEXT, pair(lambda call, *_: 0)) as inner:
        other = inner.start()

        def nested(call, *_):
            inner.run(other, "run")
            assert inner.call.outer is call
            return 0

        with sandbox(TEXT, pair(nested), ticker=inner.ticker) as outer:
            instance = outer.start()
            outer.run(instance, "run")
            assert instance.memory.read(0, 1) == b"\1"
            assert inner.ticker.running == {}


def test_a_signal_handler_that_raises_in_a_function_reaches_the_program(cache, guest):
    program = """
import os, signal, sys
import wardian
from support.wat import wasm_of

def interrupt(_):
    os.kill(os.getpid(), signal.SIGINT)
    return None

with wardian.Runtime(cache=sys.argv[1]) as runtime:
    text = open(sys.argv[2]).read().replace('"wardian" "log"', '"app" "f"')
    plugin = runtime.load(wasm_of(text), functions={"f": interrupt})
    for _ in range(50):
        try:
            plugin.call("ask")
        except KeyboardInterrupt:
            continue
        raise SystemExit("no interrupt")
print("interrupted")
"""
    assert run(program, cache, guest("asks")) == "interrupted\n"


def test_functions_of_many_threads_keep_their_errors_apart():
    failures = []

    def fail(call, thread, number):
        time.sleep(0)
        raise ValueError(thread, number)

    with sandbox(TEXT, pair(fail)) as made:

        def work(thread):
            for number in range(50):
                instance, _ = made.prepared.instantiate(made.limits, 5)
                call = instance.begin(5 * 10**9)
                try:
                    instance.run(call, instance.function("run"), thread, number)
                except HostFunctionError as error:
                    if error.__cause__.args != (thread, number):
                        failures.append((thread, number, error))
                finally:
                    instance.close()

        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
