"""Cases 80 to 82: how often a guest asks the host, and for how long."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

import pytest

import wardian
from support.wat import wasm_of
from wardian import (
    DeadlineExceeded,
    FuelExhausted,
    Grants,
    HostCallsExceeded,
    Limits,
    Trap,
)

ENTRY = '(func (export "wardian_abi_v1")) (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))'


@pytest.fixture(autouse=True)
def _others_are_well(healthy):
    yield
    healthy()


def asking(name):
    return {'"wardian" "log"': f'"app" "{name}"'}


# 80: a flood of host calls


@pytest.mark.parametrize("most", [0, 1, 100, 10_000])
def test_case_80_a_flood_of_host_calls_ends_at_its_limit(load, most):
    plugin = load("asks_forever", limits=Limits(host_calls=most, deadline=20))
    for _ in range(2):
        with pytest.raises(HostCallsExceeded) as caught:
            plugin.call("run")
        assert (caught.value.value, caught.value.asked) == (most, most + 1)


def test_case_80_exactly_as_many_as_allowed_are_answered(load):
    plugin = load("logs", limits=Limits(host_calls=10))
    assert plugin.invoke("go_on").receipt.host_calls == {"wardian.log": 10}
    with pytest.raises(HostCallsExceeded):
        load("logs", limits=Limits(host_calls=9)).call("go_on")


def test_case_80_calls_of_wasi_are_counted_like_all_others(load):
    plugin = load("sleeps", limits=Limits(host_calls=0))
    with pytest.raises(HostCallsExceeded):
        plugin.call("run")


def test_case_80_what_is_not_counted_cannot_be_repeated(load):
    # `take` alone is free: the second one finds nothing and ends the call.
    plugin = load("takes", functions={"one": lambda _: 1, "two": lambda _: 2}, limits=Limits(host_calls=1))
    with pytest.raises(wardian.AbiViolation) as caught:
        plugin.call("twice")
    assert caught.value.code == "nothing_to_take"


def test_case_80_a_flood_burns_fuel_as_well(load):
    plugin = load("asks_forever", limits=Limits(fuel=1_000, host_calls=2**31 - 1))
    for _ in range(3):
        with pytest.raises(FuelExhausted):
            plugin.call("run")


# 81, 82: host calls that would block


def test_case_81_waiting_for_the_applications_coroutine_ends_at_the_deadline(load):
    ended = []

    async def slow(_):
        try:
            await asyncio.sleep(3600)
        finally:
            ended.append(True)

    plugin = load("asks", asking("slow"), functions={"slow": slow}, limits=Limits(deadline="50ms"))

    async def call():
        began = time.monotonic()
        with pytest.raises(DeadlineExceeded):
            await plugin.acall("ask")
        took = time.monotonic() - began
        await asyncio.sleep(0)
        return took

    assert asyncio.run(call()) < 0.3
    assert ended == [True]


# Keeps something, which takes the scope of its state, and is then held by the application while it has it.
HOLDS = f"""(module
  (import "wardian" "state_put" (func $put (param i32 i32) (result i64)))
  (import "app" "hold" (func $hold (param i32 i32) (result i64)))
  (memory (export "memory") 1)
  {ENTRY}
  (data (i32.const 0) "\\82\\61k\\01")
  (func (export "run") (param i32 i32) (result i64)
    (drop (call $put (i32.const 0) (i32.const 4)))
    (call $hold (i32.const 3) (i32.const 1))))"""


def test_case_81_waiting_for_the_state_of_another_call_ends_at_the_deadline(runtime):
    inside, leave = threading.Event(), threading.Event()

    def hold(_):
        inside.set()
        assert leave.wait(10)

    shared = {"name": "one", "grants": Grants(state=True), "functions": {"hold": hold}}
    holder = runtime.load(wasm_of(HOLDS), limits=Limits(deadline=20), **shared)
    waiting = runtime.load(wasm_of(HOLDS), limits=Limits(deadline="50ms"), **shared)
    with ThreadPoolExecutor(1) as threads:
        held = threads.submit(holder.call, "run")
        assert inside.wait(20)
        began = time.monotonic()
        try:
            with pytest.raises(DeadlineExceeded):
                waiting.call("run")
            took = time.monotonic() - began
        finally:
            leave.set()
        assert held.result() is None
    assert took < 0.3
    assert waiting.call("run") is None


def test_case_81_a_sleep_in_wasi_ends_at_the_deadline(load):
    plugin = load("sleeps", limits=Limits(deadline="50ms"), grants=Grants(clock=True))
    began = time.monotonic()
    with pytest.raises(DeadlineExceeded):
        plugin.call("run")
    assert time.monotonic() - began < 0.3


def test_case_82_a_guest_that_returns_right_after_a_blocked_call_is_late_all_the_same(load):
    plugin = load("asks", asking("slow"), functions={"slow": lambda _: time.sleep(0.1)}, limits=Limits(deadline="30ms"))
    for _ in range(3):
        with pytest.raises(DeadlineExceeded):
            plugin.call("ask")


# Gives up when there is something under the key that `HOLDS` writes.
FINDS = f"""(module
  (import "wardian" "state_get" (func $get (param i32 i32) (result i64)))
  (memory (export "memory") 1)
  {ENTRY}
  (data (i32.const 0) "\\61k")
  (func (export "run") (param i32 i32) (result i64)
    (if (i64.ne (call $get (i32.const 0) (i32.const 2)) (i64.const 0)) (then (unreachable)))
    (i64.const 0)))"""


@pytest.mark.parametrize("late", [True, False])
def test_case_82_what_a_late_call_kept_is_undone(runtime, late):
    keeps = runtime.load(
        wasm_of(HOLDS), name="late", limits=Limits(deadline="50ms" if late else "10s"), grants=Grants(state=True),
        functions={"hold": lambda _: time.sleep(0.1)},
    )  # fmt: skip
    with pytest.raises(DeadlineExceeded) if late else nullcontext():
        keeps.call("run")
    keeps.close()
    finds = runtime.load(wasm_of(FINDS), name="late", grants=Grants(state=True))
    with nullcontext() if late else pytest.raises(Trap):
        finds.call("run")
