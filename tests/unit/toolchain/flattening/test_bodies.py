import pytest

from support.wat import wasm_of
from wardian.errors import BuildError
from wardian.sandbox import binary
from wardian.toolchain.flattening import bodies, core

TEXT = """
(module
  (type $pair (func (param i32 i32) (result i32 i32)))
  (memory 1)
  (table 2 funcref)
  (global $g (mut i32) (i32.const 0))
  (func $first (type $pair) (local.get 0) (local.get 1))
  (func $all (param i32) (result i32) (local f64 i64)
    (local.set 1 (f64.const 1.5))
    (local.set 2 (i64.const -123456789012))
    (drop (f32.const 0.1))
    (i32.store offset=300 (i32.const 0) (i32.const -70))
    (memory.fill (i32.const 0) (i32.const 1) (i32.const 2))
    (memory.copy (i32.const 0) (i32.const 1) (i32.const 2))
    (drop (i32.trunc_sat_f64_s (local.get 1)))
    (drop (memory.grow (i32.const 0)))
    (drop (ref.is_null (ref.null func)))
    (drop (ref.is_null (table.get 0 (i32.const 0))))
    (table.set 0 (i32.const 0) (ref.func $first))
    (drop (table.size 0))
    (drop (select (result i32) (i32.const 1) (i32.const 2) (i32.const 3)))
    (global.set $g (i32.const 7))
    (block (br_table 0 0 0 (local.get 0)))
    (loop (br_if 0 (i32.const 0)))
    (call_indirect (type $pair) (i32.const 1) (i32.const 2) (i32.const 0))
    (block (type $pair))
    (call $first)
    (if (type $pair) (i32.const 1) (then))
    (drop)
    (i32.add (global.get $g)))
  (elem declare func $first))
"""


def read(text):
    """A module that may have what `core.read` refuses beside its code."""
    return core.read(wasm_of(text.replace("(elem declare func $first)", '(export "first" (func $first))')))


def test_code_with_the_same_indices_is_the_same_code():
    module = read(TEXT)
    same = bodies.Renumbering(range(9), range(9), range(9), range(9))
    for begin, end in module.bodies:
        body = bodies.Body(module, begin, end, same)
        written = body.written({at: binary.number(at) for at in range(9)})
        assert written == binary.number(end - begin) + module.data[begin:end]


def test_each_index_becomes_the_other_one():
    module = read(TEXT)
    other = bodies.Renumbering([200 + at for at in range(9)], [300 + at for at in range(9)], [0], [500])
    begin, end = module.bodies[1]
    body = bodies.Body(module, begin, end, other)
    assert body.calls == [300, 300]
    written = body.written({300: binary.number(4)})
    assert written.count(b"\x10\x04") == 1  # call
    assert written.count(b"\xd2\x04") == 1  # ref.func
    assert b"\x11" + binary.number(200) + b"\0" in written
    assert b"\x23" + binary.number(500) in written
    assert b"\x24" + binary.number(500) in written
    assert b"\x02" + binary.signed(200) in written


def test_an_instruction_that_no_interpreter_has_is_refused():
    module = read("(module (memory 1) (func (drop (v128.const i32x4 0 0 0 0))))")
    begin, end = module.bodies[0]
    with pytest.raises(BuildError, match="0xfd"):
        bodies.Body(module, begin, end, bodies.Renumbering([0], [0], [], []))
