"""A snapshot answers every call as its module does once that was initialised: generated modules, and real guests."""

from __future__ import annotations

import pytest
import wasmtime
from hypothesis import given, settings
from hypothesis import strategies as st

import wardian
from support.built import built
from support.examples import EXAMPLES
from support.snapshots import answers
from wardian.abi.bounds import Bounds
from wardian.abi.codec import encode
from wardian.snapshot.snapshot import snapshot

TYPES = ("i32", "i64", "f32", "f64")
ADDRESS = st.integers(0, 3 * 65_536 - 40) | st.integers(65_536 - 9, 65_536 + 9)
BITS = st.integers(0, 2**64 - 1) | st.sampled_from([0, 1, 2**31, 2**32 - 1, 2**63, 0x7FF0000000000001, 0x7F800001])


def constant(kind, bits):
    """A constant of each type by its bits, which keeps those of NaNs."""
    if kind[0] == "i":
        return f"({kind}.const {bits & (2 ** int(kind[1:]) - 1)})"
    whole = f"i{kind[1:]}"
    return f"({kind}.reinterpret_{whole} {constant(whole, bits)})"


STEP = st.one_of(
    st.builds(lambda kind, bits: f"(global.set ${kind} {constant(kind, bits)})", st.sampled_from(TYPES), BITS),
    st.builds(lambda at, bits: f"(i64.store (i32.const {at}) (i64.const {bits}))", ADDRESS, BITS),
    st.builds(lambda at, bits: f"(i32.store8 (i32.const {at}) (i32.const {bits & 255}))", ADDRESS, BITS),
    st.builds(
        lambda at, byte, size: f"(memory.fill (i32.const {at}) (i32.const {byte}) (i32.const {size}))",
        ADDRESS, st.integers(0, 255), st.integers(0, 40),
    ),
    st.builds(lambda pages: f"(drop (memory.grow (i32.const {pages})))", st.integers(0, 2)),
    st.builds(
        lambda at, size: f"(memory.init $late (i32.const {at}) (i32.const 0) (i32.const {size}))",
        ADDRESS, st.integers(0, 9),
    ),
    st.builds(lambda at: f"(drop (call_indirect (result i32) (i32.const {at})))", st.integers(1, 2)),
)  # fmt: skip
STEPS = st.lists(STEP, max_size=12).map(" ".join)
DATA = st.lists(st.tuples(ADDRESS, st.binary(max_size=12)), max_size=4)


def text_of(begun, initialised, more, data):
    """A module whose start, `init` and `later` are these steps."""
    segments = "".join(
        f'(data (i32.const {at}) "{"".join(f"{chr(92)}{each:02x}" for each in content)}")' for at, content in data
    )
    globals_ = "".join(f"(global ${kind} (mut {kind}) ({kind}.const 1))" for kind in TYPES)
    shown = "".join(f'(func (export "{kind}") (result {kind}) (global.get ${kind}))' for kind in TYPES)
    return f"""(module (memory (export "memory") 3 7) {globals_} {segments} (data $late "passively")
      (table 3 funcref) (elem (i32.const 1) $one $count) (func $one (result i32) (i32.const 1))
      (func $count (result i32) (global.set $i32 (i32.add (global.get $i32) (i32.const 1))) (global.get $i32))
      (start $begin) (func $begin {begun})
      (func (export "init") {initialised}) (func (export "later") {more}) {shown})"""


def same(found):
    """What was found, where a NaN is equal to itself."""
    return repr(found)


@given(STEPS, STEPS, STEPS, DATA)
@settings(max_examples=60)
def test_a_snapshot_of_any_module_goes_on_as_the_module_does(begun, initialised, more, data):
    wasm = bytes(wasmtime.wat2wasm(text_of(begun, initialised, more, data)))
    calls = [(kind,) for kind in TYPES] + [("later",)] + [(kind,) for kind in TYPES]
    expected = answers(wasm, calls, ["init"])
    made = snapshot(wasm, entry="init")
    assert same(answers(made, calls)) == same(expected)
    assert made == snapshot(wasm, entry="init")


@given(st.binary(max_size=300), st.integers(0, 400))
@settings(max_examples=60)
def test_bytes_that_were_tampered_with_give_a_typed_error_or_a_snapshot(noise, at):
    wasm = bytes(wasmtime.wat2wasm(text_of("", "(i32.store (i32.const 8) (i32.const 8))", "", [(4, b"abc")])))
    at = 8 + at % (len(wasm) - 8)
    broken = wasm[:at] + noise[:3] + wasm[at + len(noise[:3]) :]
    try:
        made = snapshot(broken, entry="init", limits=wardian.Limits(start_deadline=2))
    except wardian.WardianError:
        return
    assert wasmtime.Module.validate(wasmtime.Engine(), made) is None


# Modules of JavaScript, Lua and Python are snapshots when they are built.
@pytest.mark.parametrize("language", ["assemblyscript", "c", "cpp", "go", "rust", "zig"])
def test_a_real_guest_answers_as_it_does_without_a_snapshot(language, shared_folder, runtime):
    wasm = built(EXAMPLES / "count_words" / language, shared_folder).read_bytes()
    opening = encode({"config": {"min_length": 3}, "context": {}}, Bounds(2**20, 1000, 64))
    made = snapshot(wasm, entry="plugin_open", argument=opening)
    grants = wardian.Grants(state=True)
    plain = runtime.load(wasm, name="plain", config={"min_length": 3}, grants=grants)
    snap = runtime.load(made, name="snap", grants=grants)
    for text in ("one", "two of words", "", "  three\nof them ", "ü " * 500, "x" * 100_000) * 20:
        assert snap.call("count", text) == plain.call("count", text)
    assert snap.call("totals") == plain.call("totals")
