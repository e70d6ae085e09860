import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.programs import run
from support.sandboxed import sandbox
from wardian.errors import LimitExceeded, StackExhausted
from wardian.policy import Limits
from wardian.sandbox import stack

SMALL = """
import sys, threading
import wardian
from support.wat import wasm_of

kib, limit, cache, path = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
found = []
with wardian.Runtime(cache=cache) as runtime:
    plugin = runtime.load(wasm_of(open(path).read()), limits=wardian.Limits(stack=limit))

    def recurse():
        try:
            plugin.call("run")
        except wardian.LimitExceeded as error:
            found.append((type(error).__name__, error.limit, bool(error.hint)))

    threading.stack_size(kib * 1024)
    thread = threading.Thread(target=recurse)
    thread.start()
    thread.join()
print(found)
"""


@pytest.mark.parametrize(
    ("kib", "limit", "error"),
    [
        (128, "64KiB", "LimitExceeded"), (256, "512KiB", "LimitExceeded"), (512, "512KiB", "LimitExceeded"),
        (767, "512KiB", "LimitExceeded"), (1024, "2MiB", "LimitExceeded"), (768, "512KiB", "StackExhausted"),
        (512, "64KiB", "StackExhausted"), (8192, "2MiB", "StackExhausted"),
    ],
)  # fmt: skip
def test_a_thread_that_is_too_small_is_refused_and_one_that_is_not_survives(cache, guest, kib, limit, error):
    assert run(SMALL, kib, limit, cache, guest("recurses")) == f"[('{error}', 'stack', True)]\n"


def in_a_thread_of(size, function):
    """What a function gives in a new thread with a stack of so many bytes, and the thread's identifier."""
    before = threading.stack_size(size)
    try:
        with ThreadPoolExecutor(1) as threads:
            return threads.submit(function).result(), threads.submit(threading.get_ident).result()
    finally:
        threading.stack_size(before)


ENTRY = """(module (memory (export "memory") 1) (func (export "nop"))
  (func (export "ask") (param i32 i32) (result i64) (i64.const 0)))"""


@pytest.mark.parametrize("entry", ["nop", "ask"])
def test_a_thread_that_is_too_small_is_refused_also_by_an_instance_that_is_ready(entry):
    with sandbox(ENTRY, limits=Limits(stack="1MiB")) as made:
        instance = made.start()
        call = instance.begin(10**10)
        enter = {
            "nop": lambda: instance.run(call, instance.function("nop")),
            "ask": lambda: instance.exchange(call, 0, instance.function("ask"), 0, b"", 1),
        }[entry]
        enter()

        def refused():
            with pytest.raises(LimitExceeded) as caught:
                enter()
            return caught.value

        error, _ = in_a_thread_of(1 << 20, refused)
        assert (error.limit, error.asked) == ("stack", stack.needed(2**20))
        enter()


def test_the_room_of_a_thread_is_forgotten_with_it():
    known = set(stack.rooms)
    room, ident = in_a_thread_of(1 << 20, stack.room)
    assert 0 < room <= 1 << 20
    assert set(stack.rooms) == known - {ident}


def test_a_room_that_is_measured_again_is_kept():
    ident = threading.get_ident()
    assert stack.measure(ident) == stack.measure(ident) == stack.rooms[ident]


def test_the_room_of_a_thread_is_its_own():
    found = []
    before = threading.stack_size(1 << 20)
    try:
        thread = threading.Thread(target=lambda: found.append(stack.room()))
        thread.start()
    finally:
        threading.stack_size(before)
    thread.join()
    assert 0 < found[0] <= 1 << 20
    assert stack.room() > 1 << 20


def test_a_refusal_says_what_there_is_and_what_is_needed():
    error = stack.refusal(2**20)
    assert (type(error), error.limit) == (LimitExceeded, "stack")
    assert (error.value, error.asked) == (stack.room(), stack.needed(2**20))
    assert "threading.stack_size" in error.hint


DEEP = f"""(module (memory (export "memory") 1)
  (func $plain (export "plain") (call $plain))
  (func $results (result {"i64 " * 100}) (call $results))
  (func (export "results") (call $results) {"drop " * 100})
  (func $params (param {"i64 " * 100}) (call $params {"(local.get 0)" * 100}))
  (func (export "params") (call $params {"(i64.const 1)" * 100}))
  (type $t (func)) (table 1 funcref) (elem (i32.const 0) $indirect)
  (func $indirect (export "indirect") (call_indirect (type $t) (i32.const 0))))"""


@pytest.mark.parametrize("entry", ["plain", "results", "params", "indirect"])
def test_endless_recursion_of_any_kind_ends_as_a_stack_that_is_spent(entry):
    with sandbox(DEEP, limits=Limits(stack="2MiB")) as made:
        for _ in range(3):
            instance = made.start()
            with pytest.raises(StackExhausted):
                made.run(instance, entry)
            assert instance.broken
