import pytest

from support.wat import wasm_of
from wardian.errors import PackageError
from wardian.sandbox import binary, instructions

NOP_CALL = rb"\x10" + instructions.LEB


def bodies(text):
    wasm = wasm_of(text)
    code = next(each for each in binary.sections(wasm) if each.id == 10)
    return instructions.bodies(wasm[code.start : code.start + code.size])


def test_bodies_and_their_section_are_each_others_inverse():
    wasm = wasm_of("(module (func nop) (func (local i32 f64) (local.set 0 (i32.const 300))) (func))")
    code = next(each for each in binary.sections(wasm) if each.id == 10)
    content = wasm[code.start : code.start + code.size]
    assert instructions.section(instructions.bodies(content)) == content


def test_each_wanted_instruction_is_changed_and_nothing_that_looks_like_it():
    (body, _) = bodies("""(module (func (local i32) (call 1) (drop (i32.const 0x10)) (drop (i64.const 0x1010))
      (drop (f32.const 0x1.101010p+0)) (block (br_table 0 0 (local.get 0))) (call 1)
      (drop (select (result i32) (i32.const 16) (i32.const 1) (local.get 0)))) (func))""")
    seen = []
    made = instructions.changed(body, NOP_CALL, lambda found: seen.append(found) or b"\x01")
    assert seen == [b"\x10\x01", b"\x10\x01"]
    assert len(made) == len(body) - 2


def test_nothing_is_found_behind_what_is_not_known():
    assert instructions.changed(b"\x00\x12\x00\x0b", NOP_CALL, bytes) is None


def test_a_body_that_ends_too_early_is_an_error():
    with pytest.raises((PackageError, IndexError)):
        instructions.changed(b"\x00\x0e\x85", NOP_CALL, bytes)
    with pytest.raises(ValueError, match="ends within a function"):
        instructions.bodies(b"\x01\x05\x00")
