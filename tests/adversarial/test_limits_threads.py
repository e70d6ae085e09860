"""Stacks and threads at their end, and calls that meet: cases 28, 29 and 41 to 44."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.programs import run
from wardian import Cancelled, HostFunctionError, WardianError

ASK = {'"wardian" "log"': '"app" "ask"'}


@pytest.fixture(autouse=True)
def _others_are_well(healthy):
    yield
    healthy()


RECURSES = """
import sys, threading
import wardian
from support.wat import wasm_of

wide = " ".join(["i64"] * 60)
given = " ".join(f"(local.get {index})" for index in range(60))
many = " ".join(["i64"] * 1000)
wasm = wasm_of(f'''(module (memory (export "memory") 1)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (type $entry (func (param i32 i32) (result i64)))
  (table 2 funcref) (elem (i32.const 0) $odd $even)
  (func $direct (export "direct") (param i32 i32) (result i64)
    (i64.add (i64.const 1) (call $direct (local.get 0) (local.get 1))))
  (func $odd (export "indirect") (param i32 i32) (result i64)
    (i64.add (i64.const 1) (call_indirect (type $entry) (local.get 0) (local.get 1) (i32.const 1))))
  (func $even (param i32 i32) (result i64)
    (i64.add (i64.const 2) (call_indirect (type $entry) (local.get 0) (local.get 1) (i32.const 0))))
  (func $wide (param {wide}) (result i64) (i64.add (local.get 59) (call $wide {given})))
  (func (export "wide") (param i32 i32) (result i64) (call $wide {"(i64.const 7) " * 60}))
  (func $locals (export "locals") (param i32 i32) (result i64) (local {many})
    (local.set 900 (call $locals (local.get 0) (local.get 1)))
    (i64.add (local.get 900) (local.get 2)))
  (func (export "well") (param i32 i32) (result i64) (i64.const 0)))''')

with wardian.Runtime(cache=sys.argv[1]) as runtime:
    plugins = [runtime.load(wasm, name=size, limits=wardian.Limits(stack=size)) for size in ("64KiB", "512KiB", "2MiB")]
    said = []

    def recurse():
        for plugin in plugins:
            for entry in ("direct", "indirect", "wide", "locals"):
                try:
                    plugin.call(entry)
                except wardian.StackExhausted as error:
                    said.append((error.limit, error.value == plugin.limits.stack))
                except wardian.LimitExceeded as error:
                    said.append(("refused", error.limit == "stack"))
        try:
            plugins[0].call("well")
        except wardian.LimitExceeded:
            said.append("too small")

    for kib in (int(each) for each in sys.argv[2].split(",")):
        said.clear()
        if kib:
            threading.stack_size(kib << 10)
            thread = threading.Thread(target=recurse)
            thread.start()
            thread.join()
        else:
            recurse()
        assert all(each == "too small" or each[1] for each in said), said
        exhausted = sum(each[0] == "stack" for each in said)
        refused = sum(each[0] == "refused" for each in said)
        print(kib, exhausted, refused, "too small" in said)
"""


def test_case_28_recursion_of_any_kind_ends_as_a_spent_stack_on_every_thread(cache):
    assert run(RECURSES, cache, "0,1024,8192").splitlines() == [
        "0 12 0 False",
        "1024 8 4 False",  # a guest's 2 MiB do not fit
        "8192 12 0 False",
    ]


def test_case_29_a_thread_that_is_too_small_is_refused_before_the_guest_is_entered(cache):
    assert run(RECURSES, cache, "64,128,256").splitlines() == [f"{kib} 0 12 True" for kib in (64, 128, 256)]


def test_case_41_each_of_four_threads_gets_the_errors_of_its_own_functions(load):
    def fail(value):
        raise ValueError(value)

    plugins = [load("asks", ASK, functions={"ask": fail}, name=f"own{number}") for number in range(4)]
    before = sys.getswitchinterval()

    def calls(thread):
        strange = []
        for number in range(3_000):
            own = f"{thread}-{number}"
            try:
                plugins[thread].call("ask", own)
            except HostFunctionError as error:
                if error.__cause__.args != (own,) or error.where != f"own{thread}: ask":
                    strange.append((own, error))
            else:
                strange.append(own)
        return strange

    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            assert list(threads.map(calls, range(4))) == [[]] * 4
    finally:
        sys.setswitchinterval(before)


@pytest.mark.parametrize("instances", [1, 3])
def test_case_42_two_calls_are_never_in_one_instance(load, instances):
    """The guest answers -2 when it is entered while it asks."""
    within = []
    most = []

    def ask(_):
        within.append(1)
        most.append(len(within))
        time.sleep(0.0005)
        within.pop()

    plugin = load("asks_as_told", functions={"ask": ask}, instances=instances)
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(lambda _: plugin.call("enter"), range(400))) == {None}
    assert max(most) == instances


CLOSES = """
import random, sys, threading, time
import wardian
from support.wat import wasm_of

spins, echoes = (wasm_of(open(path).read()) for path in sys.argv[2:4])
strange, cancelled = [], 0

def use(plugin, entry):
    global cancelled
    try:
        while True:
            plugin.call(entry)
    except wardian.Cancelled:
        cancelled += 1
    except BaseException as error:
        strange.append(error)

for attempt in range(int(sys.argv[4])):
    with wardian.Runtime(cache=sys.argv[1]) as runtime:
        limits = wardian.Limits(deadline="20s")
        plugins = [runtime.load(wasm, limits=limits, instances=2) for wasm in (spins, echoes)]
        threads = [
            threading.Thread(target=use, args=(plugin, entry))
            for plugin, entry in zip(plugins * 2, ("spin", "echo", "answer", "echo"))
        ]
        for thread in threads:
            thread.start()
        time.sleep(random.random() * 0.01)
        if attempt % 3 == 1:
            plugins[1].close()
        if attempt % 3 == 2:
            plugins[0].cancel()
            plugins[0].close()
    for thread in threads:
        thread.join()
assert not strange, strange
assert cancelled == 4 * int(sys.argv[4]), cancelled
print("closed")
"""


def test_case_43_closing_while_calls_run_ends_them_and_never_the_process(cache, guest):
    assert run(CLOSES, cache, guest("spins"), guest("echoes"), 60, seconds=60) == "closed\n"


def test_case_44_what_belongs_to_another_plugin_or_runtime_is_refused_before_the_engine_sees_it(runtime, load, guest):
    other = load("echoes", name="other")
    module = runtime.compile(guest("echoes"))
    for foreign in (other, module, runtime, object()):
        with pytest.raises(TypeError):
            runtime.load(foreign)
        with pytest.raises(TypeError):
            other.call("echo", foreign)
    other.close()
    with pytest.raises(Cancelled):
        other.call("echo")
    runtime.close()
    with pytest.raises(WardianError) as caught:
        runtime.load(guest("echoes"))
    assert caught.value.code == "closed"
