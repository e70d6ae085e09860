"""Cases 88 to 91: time, random bytes, and what else a guest could learn of its host."""

import time

import pytest

import wardian
from support.wat import wasm_of
from wardian import FuelExhausted, Grants, GuestError, Limits
from wardian.capabilities import clock

MILLISECOND = 1_000_000
ENTRY = '(func (export "wardian_abi_v1")) (func (export "wardian_alloc") (param i32) (result i32) (i32.const 8192))'

# Looks at everything WASI could tell, and answers with the 64 KiB less 16 that it was told, errnos included.
LOOKS = f"""(module
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environ_sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_get" (func $environ (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_get" (func $prestat (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  {ENTRY}
  (global $calls (mut i32) (i32.const 0))
  (func (export "look") (param i32 i32) (result i64)
    (memory.fill (i32.const 0) (i32.const 0xee) (i32.const 256))
    (i32.store8 (i32.const 0) (i32.const 0x58))
    (i32.store8 (i32.const 1) (i32.const 200))
    (i32.store8 (i32.const 2) (call $args_sizes (i32.const 8) (i32.const 12)))
    (i32.store8 (i32.const 3) (call $environ_sizes (i32.const 16) (i32.const 20)))
    (i32.store8 (i32.const 4) (call $args (i32.const 24) (i32.const 64)))
    (i32.store8 (i32.const 5) (call $environ (i32.const 28) (i32.const 96)))
    (i32.store8 (i32.const 6) (call $prestat (i32.const 3) (i32.const 32)))
    (i64.const 202))
  (func (export "draw") (param i32 i32) (result i64)
    (i32.store8 (i32.const 0) (i32.const 0x58))
    (i32.store8 (i32.const 1) (i32.const 48))
    (drop (call $random (i32.const 2) (i32.const 32)))
    (drop (call $time (i32.const 0) (i64.const 1) (i32.const 34)))
    (drop (call $time (i32.const 1) (i64.const 1) (i32.const 42)))
    (i64.const 50))
  (func (export "much") (param i32 i32) (result i64)
    (i32.store8 (i32.const 0) (i32.const 0x82))
    (i32.store8 (i32.const 1) (i32.const 0x18))
    (i32.store8 (i32.const 2) (call $random (i32.const 256) (i32.const 0x40000000)))
    (i32.store8 (i32.const 3) (i32.const 0x18))
    (i32.store8 (i32.const 4) (call $random (i32.const 65530) (i32.const 64)))
    (i64.const 5)))"""

# Adds to its state, logs, draws, and goes round in a loop as often as its request says.
COMPUTES = f"""(module
  (import "wardian" "state_add" (func $add (param i32 i32) (result i64)))
  (import "wardian" "take" (func $take (param i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
  (memory (export "memory") 1)
  {ENTRY}
  (data (i32.const 4096) "\\82\\61k\\07")
  (global $mixed (mut f64) (f64.const 1))
  (func (export "run") (param i32 i32) (result i64)
    (local $left i32)
    (drop (call $add (i32.const 4096) (i32.const 4)))
    (call $take (i32.const 64))
    (drop (call $random (i32.const 2) (i32.const 32)))
    (drop (call $time (i32.const 0) (i64.const 1) (i32.const 34)))
    (local.set $left (i32.const 1000))
    (loop $again
      (global.set $mixed (f64.div (f64.sqrt (f64.add (global.get $mixed) (f64.const -1.5))) (f64.const 0)))
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br_if $again (local.get $left)))
    (f64.store (i32.const 42) (global.get $mixed))
    (i32.store8 (i32.const 0) (i32.const 0x58))
    (i32.store8 (i32.const 1) (i32.const 64))
    (i64.const 66)))"""


@pytest.fixture(autouse=True)
def _others_are_well(healthy):
    yield
    healthy()


@pytest.fixture
def clock_guest(load):
    return load("asks", {'"wardian" "log"': '"wardian" "clock_now"'}, grants=Grants(clock=True))


def test_case_88_clocks_are_coarse_and_the_monotonic_one_never_goes_back(clock_guest, runtime):
    readings = [clock_guest.call("ask") for _ in range(300)]
    assert all(number % MILLISECOND == 0 for reading in readings for number in reading)
    monotonic = [reading[1] for reading in readings]
    assert monotonic == sorted(monotonic)
    drawn = runtime.load(wasm_of(LOOKS), name="looks", grants=Grants(clock=True)).call("draw")
    assert all(int.from_bytes(drawn[at : at + 8], "little") % MILLISECOND == 0 for at in (32, 40))


def test_case_88_a_clock_set_back_by_a_day_makes_no_negative_duration(clock_guest, monkeypatch):
    class Jumps:
        back = 0

        def time_ns(self):
            return time.time_ns() - self.back

        def monotonic_ns(self):
            return time.monotonic_ns() - self.back

    jumping = Jumps()
    monkeypatch.setattr(clock, "time", jumping)
    before = clock_guest.call("ask")
    jumping.back = 86_400 * 10**9
    after = clock_guest.call("ask")
    assert after[0] < before[0]  # the calendar says what the host's says
    assert after[1] >= before[1]


def test_case_88_without_the_grant_time_stands_still(runtime):
    plugin = runtime.load(wasm_of(LOOKS), name="looks")
    first = plugin.call("draw")[32:]
    time.sleep(0.005)
    assert plugin.call("draw")[32:] == first


def test_case_89_without_the_grant_the_stream_is_that_of_the_names(cache):
    streams = []
    for name, instance in (("a", "one"), ("a", "one"), ("a", "two"), ("b", "one")):
        with wardian.Runtime(cache=cache) as runtime:
            plugin = runtime.load(wasm_of(LOOKS), name=name, instance=instance)
            streams.append([plugin.call("draw")[:32] for _ in range(3)])
    assert streams[0] == streams[1]
    assert len({drawn for stream in streams for drawn in stream}) == 9


def test_case_89_with_the_grant_no_two_are_the_same(runtime):
    plugins = [runtime.load(wasm_of(LOOKS), name="looks", grants=Grants(random=True)) for _ in range(2)]
    assert len({plugin.call("draw")[:32] for plugin in plugins for _ in range(10)}) == 20


def test_case_89_a_gigabyte_of_random_bytes_is_an_error(runtime, load):
    for grants in (Grants(), Grants(random=True)):
        invalid, fault = 28, 21
        assert runtime.load(wasm_of(LOOKS), name="looks", grants=grants).call("much") == [invalid, fault]
    asks = load("asks", {'"wardian" "log"': '"wardian" "random_bytes"'}, grants=Grants(random=True))
    for count in (65_537, 2**30, 2**64 - 1, -1):
        with pytest.raises(GuestError) as caught:
            asks.call("ask", count)
        assert caught.value.kind == "invalid"
    assert len(asks.call("ask", 65_536)) == 65_536


def outcomes(cache, state, fuel):
    """What three calls give and cost, and how the state and the last of them ended, in a runtime of its own."""
    limits = Limits(fuel=fuel, deadline=20)
    with wardian.Runtime(cache=cache, state=state) as runtime:
        plugin = runtime.load(wasm_of(COMPUTES), name="computes", grants=Grants(state=True), limits=limits)
        seen = []
        for _ in range(3):
            try:
                outcome = plugin.invoke("run")
            except FuelExhausted as error:
                seen.append((str(error), error.backtrace))
            else:
                seen.append((outcome.value, outcome.receipt.fuel, outcome.receipt.host_calls, outcome.receipt.memory))
        return seen


@pytest.mark.parametrize("fuel", [1_000_000, 10_000, 5_003])
def test_case_90_the_same_input_and_fuel_give_the_same_outcome_fuel_and_state(cache, tmp_path, fuel):
    runs = []
    for number in range(2):
        state = tmp_path / f"{number}.db"
        seen = outcomes(cache, state, fuel)
        kept = outcomes(cache, state, 1_000_000)[0]  # its reply holds the sum that the calls before have left
        runs.append((seen, kept))
    assert runs[0] == runs[1]
    seen, _ = runs[0]
    assert all(isinstance(each[0], bytes if fuel == 1_000_000 else str) for each in seen)


def test_case_91_a_guest_is_told_nothing_of_its_host(runtime, monkeypatch):
    monkeypatch.setenv("WARDIAN_TEST_SECRET", "the secret of the host")
    told = runtime.load(wasm_of(LOOKS), name="looks", grants=Grants(clock=True, random=True)).call("look")
    bad_descriptor = 8
    assert told[:5] == bytes([0, 0, 0, 0, bad_descriptor])
    assert told[6:22] == bytes(16)  # no arguments, no variables, no bytes of either
    assert set(told[22:]) == {0xEE}  # nothing else was written
