"""Guests that take all they can get: time, stack, memory, tables, instances: cases 25 to 40."""

import math
import time

import pytest

from support.programs import run
from support.wat import wasm_of
from wardian import (
    AbiViolation,
    ConfigError,
    DeadlineExceeded,
    FuelExhausted,
    Grants,
    GuestError,
    LimitExceeded,
    Limits,
    MemoryExceeded,
    PackageError,
    Trap,
)
from wardian.sandbox.memory import Memory

SHAPE = """(memory (export "memory") 1)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))"""


def guest_of(functions, shape=SHAPE):
    return wasm_of(f"(module {shape} {functions})")


def entry(name, body):
    return f'(func (export "{name}") (param i32 i32) (result i64) {body})'


@pytest.fixture(autouse=True)
def _others_are_well(healthy):
    yield
    healthy()


def took(function, *arguments, kind=DeadlineExceeded):
    """How many seconds it took to fail, which it has to."""
    began = time.monotonic()
    with pytest.raises(kind):
        function(*arguments)
    return time.monotonic() - began


@pytest.mark.parametrize("name", ["spins_in_start", "spins_in_initialize", "spins_in_open"])
def test_case_25_a_start_that_never_ends_is_ended(load, guest, runtime, name):
    runtime.compile(guest(name))  # which has limits of its own
    began = time.monotonic()
    with pytest.raises(DeadlineExceeded) as caught:
        load(name, limits=Limits(start_deadline="20ms"))
    assert caught.value.limit == "start_deadline"
    assert time.monotonic() - began < 0.5


def test_case_25_an_end_that_never_ends_is_ended(runtime):
    wasm = guest_of(entry("plugin_close", "(loop $again (br $again)) (unreachable)"))
    plugin = runtime.load(wasm, limits=Limits(deadline="20ms"))
    began = time.monotonic()
    plugin.close()
    assert time.monotonic() - began < 0.5


@pytest.mark.parametrize("call", ["wardian", "wasi"])
def test_case_26_a_start_section_that_calls_the_host_is_refused(runtime, guest, call):
    text = guest("asks_in_start").read_text()
    if call == "wasi":
        text = text.replace('"wardian" "cancelled"', '"wasi_snapshot_preview1" "args_sizes_get"')
        text = text.replace("(result i64)))", "(result i32)))")
    for _ in range(20):
        with pytest.raises(AbiViolation) as caught:
            runtime.load(wasm_of(text))
        assert caught.value.code == "not_ready"


LOOPS = guest_of(
    """(func $nothing) (type $empty (func)) (table 1 funcref) (elem (i32.const 0) $nothing)"""
    + entry("tight", "(loop $again (br $again)) (unreachable)")
    + entry("calls", "(loop $again (call $nothing) (br $again)) (unreachable)")
    + entry("indirect", "(loop $again (call_indirect (type $empty) (i32.const 0)) (br $again)) (unreachable)")
    + entry("table", "(loop $again (block $out (br_table $again $out $again (i32.const 0)))) (unreachable)")
    + entry(
        "stores", "(loop $again (i32.store (i32.const 64) (i32.const 1)) (br_if $again (i32.const 1))) (i64.const 0)"
    )
    + entry(
        "counts",
        """(local $left i32) (local.set $left (i32.load8_u offset=1 (local.get 0)))
        (loop $again (call $nothing) (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
        (i64.const 0)""",
    )
)
ENDLESS = ("tight", "calls", "indirect", "table", "stores")


@pytest.mark.parametrize("name", ENDLESS)
def test_case_27_a_loop_of_any_kind_ends_at_its_deadline(runtime, name):
    plugin = runtime.load(LOOPS, limits=Limits(deadline="20ms"))
    assert 0.02 <= took(plugin.call, name) < 0.5


@pytest.mark.parametrize("name", ENDLESS)
def test_case_27_a_loop_of_any_kind_ends_when_its_fuel_is_spent(runtime, name):
    plugin = runtime.load(LOOPS, limits=Limits(fuel=10_000, deadline="30s"))
    for _ in range(5):
        with pytest.raises(FuelExhausted):
            plugin.call(name)


def test_case_27_the_same_call_needs_the_same_fuel_and_ends_at_the_same_place(runtime):
    plenty = runtime.load(LOOPS, limits=Limits(fuel=10**6))
    plenty.call("counts", 200)  # which asks for the buffer
    (needed,) = {plenty.invoke("counts", 200).receipt.fuel for _ in range(5)}
    for fuel in (needed, needed - 50, needed // 2):
        plugin = runtime.load(LOOPS, limits=Limits(fuel=fuel))
        plugin.call("counts", 24)
        for _ in range(5):
            if fuel == needed:
                assert plugin.invoke("counts", 200).receipt.fuel == needed
                continue
            with pytest.raises(FuelExhausted) as caught:
                plugin.call("counts", 200)
            assert caught.value.value == fuel
            plugin.call("counts", 24)


BULK = wasm_of(
    f"""(module (memory (export "memory") 1024)
    (data $passive "{"x" * 60_000}")
    (table $table 20000 funcref)
    (func (export "wardian_abi_v1"))
    (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))"""
    + "".join(
        entry(name, f"(loop $again {body} (br $again)) (unreachable)") + entry(f"{name}_once", f"{body} (i64.const 0)")
        for name, body in {
            "fill": "(memory.fill (i32.const 0) (i32.const 0) (i32.const 67108864))",
            "copy": "(memory.copy (i32.const 1) (i32.const 0) (i32.const 67108863))",
            "init": "(memory.init $passive (i32.const 0) (i32.const 0) (i32.const 60000))",
            "table_fill": "(table.fill $table (i32.const 0) (ref.null func) (i32.const 20000))",
            "table_copy": "(table.copy $table $table (i32.const 1) (i32.const 0) (i32.const 19999))",
        }.items()
    )
    + ")"
)


@pytest.mark.parametrize("name", ["fill", "copy", "init", "table_fill", "table_copy"])
def test_case_31_a_bulk_operation_is_late_by_itself_at_most_and_its_limit_bounds_it(runtime, name):
    plugin = runtime.load(BULK, limits=Limits(deadline="10s"))
    once = max(plugin.invoke(f"{name}_once").receipt.wall_ns for _ in range(3)) / 1e9
    hurried = runtime.load(BULK, limits=Limits(deadline="20ms"))
    assert took(hurried.call, name) < 0.02 + 10 * once + 0.3


def test_case_31_fuel_is_charged_for_what_a_bulk_operation_does(runtime):
    plugin = runtime.load(BULK, limits=Limits(fuel=2**26, deadline="10s"))
    with pytest.raises(FuelExhausted):
        plugin.call("fill")
    assert plugin.invoke("init_once").receipt.fuel >= 60_000


def test_case_30_memory_grows_to_its_limit_and_the_process_by_no_more_than_that(cache):
    program = """
import re, sys
import wardian
from support.wat import wasm_of

peak = lambda: int(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1]) * 1024
wasm = wasm_of('''(module (memory (export "memory") 1)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "run") (param i32 i32) (result i64) (local $pages i32)
    (loop $again
      (local.set $pages (memory.grow (i32.const 1)))
      (if (i32.lt_s (local.get $pages) (i32.const 0)) (then (unreachable)))
      (memory.fill (i32.shl (local.get $pages) (i32.const 16)) (i32.const 0xaa) (i32.const 65536))
      (br $again))
    (unreachable)))''')
with wardian.Runtime(cache=sys.argv[1]) as runtime:
    plugin = runtime.load(wasm, limits=wardian.Limits(memory="64MiB", deadline="20s"))
    before = peak()
    for _ in range(5):
        try:
            plugin.call("run")
        except wardian.MemoryExceeded as error:
            assert error.asked == 64 * 2**20 + 65536, error.asked
    grown = peak() - before
    assert 60 * 2**20 < grown < 80 * 2**20, grown
    print("bounded")
"""
    assert run(program, cache) == "bounded\n"


def test_case_32_a_table_grows_to_its_limit_only(runtime):
    grow = "(i64.extend_i32_s (table.grow $table (ref.null func) (i32.const {})))"
    functions = "(table $table 1 funcref)" + "".join(
        entry(
            name,
            f"(if (i64.ne {grow.format(by)} (i64.const {expected})) (then (unreachable))) (i64.const 0)",
        )
        for name, by, expected in [
            ("by_2_31", -(2**31), -1),
            ("by_2_32", -1, -1),
            ("beyond", 1_000, -1),
            ("up_to", 999, 1),
            ("one_more", 1, -1),
        ]
    )
    plugin = runtime.load(guest_of(functions), limits=Limits(table_elements=1_000))
    for name in ("by_2_31", "by_2_32", "beyond", "up_to", "one_more"):
        assert plugin.call(name) is None


def test_case_33_without_a_buffer_nothing_is_written(load, monkeypatch):
    written = []
    monkeypatch.setattr(Memory, "write", lambda _, start, data: written.append(start))
    plugin = load("has_no_room")
    for _ in range(3):
        with pytest.raises(MemoryExceeded):
            plugin.call("run", "x" * 100)
    assert written == []


@pytest.mark.parametrize(
    ("proposal", "text"),
    [
        ("gc", "(type $list (array (mut i64))) (func (drop (array.new_default $list (i32.const 50000000))))"),
        ("exceptions", "(tag $oops) (func (throw $oops))"),
    ],
)
def test_cases_34_and_35_what_could_grow_or_throw_out_of_sight_is_refused_at_load(runtime, proposal, text):
    with pytest.raises(PackageError) as caught:
        runtime.load(guest_of(text))
    assert caught.value.code in ("unsupported_feature", "invalid_module")
    assert caught.value.hint


TRAPS = {
    "unreachable": "(unreachable)",
    "memory_out_of_bounds": "(i64.load (i32.const -1))",
    "table_out_of_bounds": "(call_indirect (type $empty) (i32.const 9)) (i64.const 0)",
    "indirect_call_to_null": "(call_indirect (type $empty) (i32.const 1)) (i64.const 0)",
    "bad_signature": "(call_indirect (type $other) (i32.const 1) (i32.const 0)) (i64.const 0)",
    "integer_overflow": "(i64.div_s (i64.const 0x8000000000000000) (i64.const -1))",
    "integer_division_by_zero": "(i64.rem_u (i64.const 1) (i64.const 0))",
    "bad_conversion_to_integer": "(i64.trunc_f64_s (f64.const nan))",
}


def test_case_36_every_trap_that_a_guest_can_cause_has_its_code(runtime):
    functions = """(type $empty (func)) (type $other (func (param i32))) (table 2 funcref) (func $nothing)
      (elem (i32.const 0) $nothing)"""
    plugin = runtime.load(guest_of(functions + "".join(entry(*each) for each in TRAPS.items())))
    for code in TRAPS:
        with pytest.raises(Trap) as caught:
            plugin.call(code)
        assert caught.value.code == code
        assert caught.value.backtrace


@pytest.mark.parametrize("code", [0, 1, 255, -1])
def test_case_37_an_exit_ends_the_call_and_its_instance_and_not_the_host(runtime, code):
    shape = '(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))' + SHAPE
    functions = """(global $calls (mut i32) (i32.const 0))""" + entry(
        "leave", f"(call $exit (i32.const {code})) (i64.const 0)"
    )
    functions += entry(
        "next",
        """(global.set $calls (i32.add (global.get $calls) (i32.const 1)))
        (i32.store8 (i32.const 0) (global.get $calls)) (i64.const 1)""",
    )
    plugin = runtime.load(guest_of(functions, shape))
    assert [plugin.call("next") for _ in range(2)] == [1, 2]
    with pytest.raises(Trap) as caught:
        plugin.call("leave")
    assert (caught.value.code, caught.value.exit_code) == ("guest_exit", code & 0xFFFFFFFF)
    assert plugin.call("next") == 1


def test_case_38_a_lock_that_a_trap_left_behind_is_never_seen(runtime):
    functions = """(global $locked (mut i32) (i32.const 0))
      (func $lock (if (global.get $locked) (then (i32.store8 (i32.const 0) (i32.const 0x18))))
        (global.set $locked (i32.const 1)))"""
    for name, end in {
        "trap": "(unreachable)",
        "lie": "(i64.const 0xffffffff00000001)",
        "no_item": "(i32.store8 (i32.const 8) (i32.const 0xff)) (i64.const 0x800000001)",
        "spin": "(loop $again (br $again)) (unreachable)",
    }.items():
        functions += entry(name, f"(call $lock) {end}")
    functions += entry("look", "(i32.store8 (i32.const 0) (global.get $locked)) (i64.const 1)")
    plugin = runtime.load(guest_of(functions), limits=Limits(deadline="20ms"))
    for name in ("trap", "lie", "no_item", "spin") * 5:
        with pytest.raises((Trap, AbiViolation, DeadlineExceeded)):
            plugin.call(name)
        assert plugin.call("look") == 0


@pytest.mark.parametrize("end", ["add_and_fail", "add_and_trap", "add_and_spin", "add_and_lie"])
def test_case_39_what_a_call_wrote_before_it_failed_is_rolled_back(load, end):
    plugin = load("remembers", grants=Grants(state=True), limits=Limits(deadline="20ms"))
    assert plugin.call("add") == 1
    for _ in range(3):
        with pytest.raises((GuestError, Trap, DeadlineExceeded, AbiViolation)):
            plugin.call(end)
    assert plugin.call("add") == 2


def test_case_40_a_plugin_has_no_more_instances_than_its_limit(load):
    for asked in (65, 10_000, math.inf):
        with pytest.raises((ConfigError, LimitExceeded)):
            load("echoes", instances=asked)
    with pytest.raises(ConfigError):
        Limits(instances=15_001)


def test_case_40_the_instance_too_many_is_refused_before_the_process_is_out_of_mappings():
    program = """
from support.sandboxed import sandbox
from wardian import LimitExceeded
from wardian.sandbox.instance import MOST_INSTANCES

with sandbox('(module (memory (export "memory") 1) (func (export "run") (result i32) (i32.const 5)))') as made:
    first = made.start()
    for _ in range(MOST_INSTANCES - 1):
        made.start()
    for _ in range(20):
        try:
            made.start()
        except LimitExceeded as error:
            assert (error.limit, error.value) == ("instances", 15_000), error
        else:
            raise AssertionError("one too many")
    assert made.run(first, "run") & 0xFFFFFFFF == 5
    made.instances.pop().close()
    assert made.run(made.start(), "run") & 0xFFFFFFFF == 5
print("refused")
"""
    assert run(program, seconds=60) == "refused\n"
