import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.wat import wasm_of
from wardian.errors import PackageError
from wardian.snapshot import outline

WHOLE = """(module (import "a" "f" (func)) (table 1 funcref) (memory (export "memory") 2 5) (global i32 (i32.const 300))
  (global (export "g") (mut v128) (v128.const i64x2 1 2)) (export "f" (func 0)) (start $s)
  (elem (i32.const 0) $s) (func $s)
  (data (i32.const 1) "one") (data "two") (@custom "mine" (after data) "content"))"""


def test_a_module_without_changes_is_the_same_bytes():
    assert outline.read(wasm_of(WHOLE)).with_parts({}) == wasm_of(WHOLE)


def test_it_says_what_a_snapshot_has_to_know():
    found = outline.read(wasm_of(WHOLE))
    assert [(each.name, each.kind, each.index) for each in found.exports] == [
        ("memory", outline.MEMORY, 0), ("g", outline.GLOBAL, 1), ("f", outline.FUNCTION, 0),
    ]  # fmt: skip
    assert found.memories == (outline.Bounds(1, 2, 5),)
    assert [(each.type, each.changes, each.first[:1]) for each in found.globals] == [
        (0x7F, False, b"\x41"), (0x7B, True, b"\xfd"),
    ]  # fmt: skip
    assert [each.passive for each in found.segments] == [False, True]
    assert found.custom("mine") == b"content"
    assert found.custom("other") is None


def test_a_section_that_was_not_there_comes_where_it_belongs_and_one_can_go():
    module = outline.read(wasm_of('(module (memory 1) (func (export "f")) (start 0))'))
    made = outline.read(module.with_parts({6: b"\x01\x7f\x00\x41\x05\x0b", 8: None, 11: b"\0"}))
    assert list(made.parts) == [1, 3, 5, 6, 7, 10, 11]
    assert [each.first for each in made.globals] == [b"\x41\x05\x0b"]


@given(st.binary(max_size=60), st.integers(min_value=0))
def test_what_is_broken_is_refused_or_read_and_nothing_else(noise, at):
    wasm = wasm_of(WHOLE)
    at %= len(wasm)
    with contextlib.suppress(PackageError):
        outline.read(wasm[:at] + noise + wasm[at + len(noise) :])


def test_a_constant_of_an_unknown_instruction_is_refused():
    with pytest.raises(PackageError, match="holds an instruction that is not known here"):
        outline.read(wasm_of("(module (global i31ref (ref.i31 (i32.const 1))))"))
