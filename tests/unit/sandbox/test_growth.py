import pytest
import wasmtime
from hypothesis import example, given, settings
from hypothesis import strategies as st

from support.bombs import MAGIC, number, section, vector
from support.wat import wasm_of
from wardian.errors import PackageError
from wardian.policy import Limits
from wardian.sandbox import growth
from wardian.sandbox.compiler import Compiler
from wardian.sandbox.engine import Engines, Settings
from wardian.sandbox.hostfunc import HostFunction

MEMORY = '(memory (export "memory") 1 5)'

# What a module may hold around and within the places where it grows its memory.
BODIES = {
    "at once": "(memory.grow (local.get 0))",
    "nested": """(block $out (result i32) (loop $in (result i32) (if (result i32) (local.get 0)
        (then (memory.grow (local.get 0))) (else (br $out (memory.grow (i32.const 2)))))))""",
    "after a branch table": """(block $a (block $b (block $c (br_table $a $b $c (local.get 0)))
        (return (memory.grow (i32.const 1)))) (return (memory.grow (i32.const 64)))) (memory.grow (i32.const 3))""",
    "after a typed select": """(drop (select (result i32) (i32.const 64) (i32.const 0x40) (local.get 0)))
        (memory.grow (select (result i32) (local.get 0) (i32.const 1) (local.get 0)))""",
    "after numbers that look like it": """(drop (f64.const 0x1.0004000400040p+0)) (drop (f32.const 0x1.004000p+1))
        (drop (i64.const 0x4000400040)) (drop (i32.const 8192)) (memory.grow (local.get 0))""",
    "after vectors": """(drop (v128.const i8x16 64 0 64 0 64 0 64 0 64 0 64 0 64 0 64 0))
        (drop (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 (v128.const i64x2 64 64) (v128.const i64x2 0 0)))
        (drop (i8x16.extract_lane_s 0 (v128.load8_lane offset=64 0 (i32.const 0) (v128.const i64x2 1 2))))
        (v128.store32_lane offset=64 0 (i32.const 0) (v128.const i32x4 1 2 3 4))
        (drop (i32x4.dot_i16x8_s (v128.load32_zero (i32.const 64)) (f64x2.splat (f64.const 1))))
        (memory.grow (local.get 0))""",
    "after bulk operations": """(memory.fill (i32.const 64) (i32.const 64) (i32.const 64))
        (memory.copy (i32.const 0) (i32.const 64) (i32.const 64)) (memory.init $data (i32.const 0) (i32.const 0)
        (i32.const 2)) (data.drop $data) (table.init $table $elements (i32.const 0) (i32.const 0) (i32.const 1))
        (elem.drop $elements) (drop (table.grow $table (ref.null func) (i32.const 1)))
        (table.fill $table (i32.const 1) (ref.func $self) (i32.const 1)) (drop (table.size $table))
        (table.copy $table $table (i32.const 0) (i32.const 1) (i32.const 1))
        (drop (ref.is_null (table.get $table (i32.const 0)))) (table.set $table (i32.const 0) (ref.func $self))
        (drop (i32.trunc_sat_f64_s (f64.const 1e300))) (memory.grow (local.get 0))""",
    "through a table": "(call_indirect $table (type $grows) (local.get 0) (i32.const 2))",
    "several times": """(drop (memory.grow (i32.const 1))) (drop (memory.grow (memory.grow (i32.const 0))))
        (i32.add (memory.grow (i32.const 1)) (i32.mul (memory.size) (memory.grow (local.get 0))))""",
    "with memory of every width": """(i64.store offset=8 align=1 (i32.const 64) (i64.extend_i32_s
        (i32.load8_s offset=0x4000 (i32.const 0)))) (f64.store (i32.const 64) (f64.load (i32.const 64)))
        (drop (i64.extend8_s (i64.load16_u (i32.const 64)))) (memory.grow (local.get 0))""",
}


def module(body, more=""):
    return f"""(module {more} (type $grows (func (param i32) (result i32))) {MEMORY}
      (table $table 4 8 funcref) (elem (i32.const 2) $plain) (elem $elements func $self) (data $data "@\\00")
      (elem declare func $self)
      (global $mine (mut i32) (i32.const 5)) (export "mine" (global $mine))
      (func $plain (type $grows) (global.set $mine (i32.const 6)) (memory.grow (local.get 0)))
      (func $self (export "run") (param i32) (result i32) (local i64 f64 v128) {body}))"""


def behaviour(wasm, arguments=(0, 1, 2, 3, 64, -1)):
    """What a module answers, and what its memory and global come to, call after call."""
    seen = []
    store = wasmtime.Store(wasmtime.Engine())
    store.set_limits(memory_size=4 * 65_536)
    exports = wasmtime.Instance(store, wasmtime.Module(store.engine, wasm), []).exports(store)
    for argument in arguments:
        try:
            answer = exports["run"](store, argument)
        except wasmtime.Trap as trap:  # a segment can be copied from once
            answer = trap.trap_code
        memory = exports["memory"]
        seen.append((answer, memory.size(store), bytes(memory.read(store, 0, 256)), exports["mine"].value(store)))
    return seen


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_module_that_notes_refusals_behaves_as_it_did(body):
    wasm = wasm_of(module(body))
    watched = growth.watch(wasm)
    assert watched != wasm
    assert growth.GLOBAL.encode() in watched
    assert behaviour(watched) == behaviour(wasm)


@pytest.mark.parametrize("name", BODIES)
def test_the_memory_that_was_refused_is_known_wherever_it_was_asked_for(sandbox, name):
    instance = sandbox.open(module(BODIES[name]), limits=Limits(memory="256KiB"))
    assert instance.refused_growth() is None
    sandbox.run(instance, "run", 1_000)
    refused = instance.refused_growth()
    # The branch table's default label grows by 3 pages, which is granted.
    assert refused == (None if name == "after a branch table" else instance.memory.size + 1_000 * 65_536)


def test_a_growth_that_was_granted_is_no_refusal(sandbox):
    instance = sandbox.open(module("(memory.grow (local.get 0))"), limits=Limits(memory="256KiB"))
    assert sandbox.run(instance, "run", 3) == 1
    assert instance.refused_growth() is None
    assert sandbox.run(instance, "run", 1) & 0xFFFFFFFF == 0xFFFFFFFF
    assert instance.refused_growth() == 5 * 65_536


def test_imports_keep_their_places(sandbox):
    """Functions and globals are numbered after those that are imported."""
    asks = HostFunction("app", "ask", ("i32", "i32"), ("i64",), lambda _call, one, two: one + two)
    text = module(
        "(drop (memory.grow (i32.const 99))) (i32.wrap_i64 (call $ask (local.get 0) (i32.const 4)))",
        '(import "app" "ask" (func $ask (param i32 i32) (result i64)))',
    )
    instance = sandbox.open(text, asks, limits=Limits(memory="256KiB"))
    assert sandbox.run(instance, "run", 3) & 0xFFFFFFFF == 7
    assert instance.refused_growth() == 100 * 65_536


def test_a_module_without_globals_gets_one_before_its_exports():
    for more in ("", "(func $start) (start $start)", '(table 1 funcref) (elem (i32.const 0) 0) (data "@\\00")'):
        wasm = wasm_of(f'(module {MEMORY} {more} (func (export "run") (result i32) (memory.grow (i32.const 1))))')
        watched = growth.watch(wasm)
        assert watched != wasm
        wasmtime.Module.validate(wasmtime.Engine(), watched)


UNTOUCHED = {
    "no growth": f'(module {MEMORY} (func (export "run") (result i32) (memory.size)))',
    "no code": f"(module {MEMORY})",
    "no memory": '(module (func (export "run") (result i32) (i32.const 64)))',
    "the name is taken": f"""(module {MEMORY} (global (export "wardian:refused") i32 (i32.const 0))
        (func (export "run") (result i32) (memory.grow (i32.const 1))))""",
    "the name is taken by a function": f"""(module {MEMORY}
        (func (export "wardian:refused") (result i32) (memory.grow (i32.const 1))))""",
    "an imported memory": """(module (import "app" "memory" (memory 1))
        (func (export "run") (result i32) (memory.grow (i32.const 1))))""",
    "an instruction that is off": f"""(module {MEMORY} (func $run (export "run") (result i32)
        (drop (memory.grow (i32.const 1))) (return_call $run)))""",
}


@pytest.mark.parametrize("text", UNTOUCHED.values(), ids=UNTOUCHED)
def test_a_module_without_growth_or_not_understood_is_given_back_as_it_is(text):
    wasm = wasm_of(text)
    assert growth.watch(wasm) is wasm


def in_code(instructions):
    """A module whose only function has these instructions and then grows its memory by one page."""
    body = b"\0" + instructions + b"\x41\x01\x40\x00\x1a\x0b"
    return (
        MAGIC + section(1, vector(b"\x60\0\0")) + section(3, vector(b"\0")) + section(5, vector(b"\0\x01"))
        + section(7, vector(b"\x06memory\x02\0")) + section(10, vector(number(len(body)) + body))
    )  # fmt: skip


LEB = [b"\x00", b"\x40", b"\x7f", b"\xff\xff\xff\xff\x0f", b"\xc0\x80\x80\x80\x00", b"\x80\x80\x80\x80\x78"]
LONG = [*LEB, b"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x7f", b"\xc0\x80\x00"]
LANE, SIXTEEN = b"\x40", b"\x40\x00" * 8
KINDS = {
    "without immediates": [bytes([op]) for op in (0, 1, 5, 0x0B, 0x0F, 0x1A, 0x1B, *range(0x45, 0xC5), 0xD1)],
    "one number": [
        bytes([op]) + leb for op in (2, 3, 4, 0x0C, 0x0D, 0x10, *range(0x20, 0x27), 0x3F, 0x41, 0x42, 0xD0, 0xD2)
        for leb in LONG
    ],
    "two numbers": [bytes([op]) + one + two for op in (0x11, *range(0x28, 0x3F)) for one in LEB for two in LEB],
    "floats": [b"\x43" + SIXTEEN[:4], b"\x44" + SIXTEEN[:8]],
    "branch tables": [b"\x0e" + number(count) + LEB[3] * count + LEB[4] for count in (0, 1, 64, 1000)],
    "typed selects": [b"\x1c" + number(count) + b"\x40" * count for count in (0, 1, 64)],
    "conversions": [b"\xfc" + bytes([op]) for op in range(8)],
    "bulk of one": [b"\xfc" + bytes([op]) + leb for op in (9, 0x0B, 0x0D, 0x0F, 0x10, 0x11) for leb in LEB],
    "bulk of two": [b"\xfc" + bytes([op]) + a + b for op in (8, 0x0A, 0x0C, 0x0E) for a in LEB for b in LEB],
    "vectors in memory": [
        b"\xfd" + bytes([op]) + a + b for op in (*range(0x0C), 0x5C, 0x5D) for a in LEB for b in LEB
    ],
    "vectors of constants": [b"\xfd\x0c" + SIXTEEN, b"\xfd\x0d" + SIXTEEN],
    "lanes": [b"\xfd" + bytes([op]) + LANE for op in range(0x15, 0x23)],
    "lanes in memory": [b"\xfd" + bytes([op]) + a + b + LANE for op in range(0x54, 0x5C) for a in LEB for b in LEB],
    "plain vectors": [b"\xfd" + bytes([op]) for op in (*range(0x0E, 0x15), *range(0x23, 0x54), *range(0x5E, 0x80))]
    + [b"\xfd" + bytes([op, 1]) for op in range(0x80, 0x100)],
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_each_instruction_is_passed_over_with_all_of_its_immediates(kind):
    """However its numbers are written: one byte missed, and the growth behind it would be missed or misread."""
    expected = growth.watch(in_code(b""))
    call = expected[expected.index(b"\x41\x01\x10") :][2:4]
    for instruction in KINDS[kind]:
        watched = growth.watch(in_code(instruction))
        assert instruction + b"\x41\x01" + call + b"\x1a\x0b" in watched, instruction.hex()


@pytest.mark.parametrize("opcode", [*range(0x06, 0x0B), *range(0x12, 0x1A), 0x1D, 0x27, 0xC5, 0xD3, 0xFB, 0xFE, 0xFF])
def test_an_instruction_that_is_not_known_leaves_its_module_as_it_is(opcode):
    wasm = in_code(bytes([opcode]))
    assert growth.watch(wasm) is wasm


@pytest.mark.parametrize("prefix", [b"\xfc\x12", b"\xfc\xff\x01", b"\xfd\x80\x02", b"\xfd\xff\x7f", b"\x40\x01"])
def test_an_instruction_of_a_proposal_that_is_off_leaves_its_module_as_it_is(prefix):
    wasm = in_code(prefix)
    assert growth.watch(wasm) is wasm


def valid_or_as_it_was(wasm):
    watched = growth.watch(wasm)
    if watched is not wasm:
        assert watched[:8] == MAGIC
        assert growth.GLOBAL.encode() in watched
    return watched


SAMPLES = [wasm_of(module(body)) for body in BODIES.values()]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
@example(b"")
def test_arbitrary_bytes_are_given_back_or_rewritten_and_never_an_error(content):
    for wasm in (content, MAGIC + content, in_code(content)):
        valid_or_as_it_was(wasm)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SAMPLES), st.data())
def test_a_module_that_is_valid_stays_valid(wasm, data):
    """Any byte changed or cut: what the engine takes, it takes with what is added."""
    at = data.draw(st.integers(8, len(wasm) - 1))
    changed = wasm[:at] + data.draw(st.sampled_from([b"", b"\x40\x00"]) | st.binary(max_size=3)) + wasm[at + 1 :]
    engine = wasmtime.Engine()
    assert is_valid(engine, valid_or_as_it_was(changed)) >= is_valid(engine, changed)


@pytest.mark.parametrize(
    "instruction",
    [b"\x41\x00\x10\x01\x1a", b"\x41\x00\x24\x00", b"\x23\x00\x1a"],
    ids=["the function", "the global, to write", "the global, to read"],
)
def test_a_module_cannot_use_what_is_added_to_it(instruction):
    """It names the function or the global that it does not have, but would get."""
    wasm = in_code(instruction)
    assert is_valid(wasmtime.Engine(), growth.watch(wasm))
    engine = Engines().get(Settings(), Limits().stack)
    with pytest.raises(PackageError) as raised:
        Compiler(None).compile(wasm, engine, Limits())
    assert raised.value.code == "invalid_module"


def is_valid(engine, wasm):
    try:
        wasmtime.Module.validate(engine, wasm)
    except wasmtime.WasmtimeError:
        return False
    return True
