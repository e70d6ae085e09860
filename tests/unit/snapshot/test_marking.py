import wasmtime

from support.wat import wasm_of
from wardian.snapshot import marking, outline


def marked(text):
    return marking.mark(outline.read(wasm_of(text)))


def test_globals_that_change_are_shown_under_names_of_ours():
    made = marked("(module (memory 1) (global i32 (i32.const 1)) (global (mut f64) (f64.const 1)))")
    assert (made.globals, made.notes) == ({1: "wardian:global 1"}, {})
    found = [each.name for each in wasmtime.Module(wasmtime.Engine(), made.wasm).exports]
    assert found == ["wardian:global 1", "memory"]


def test_each_thing_that_cannot_be_carried_has_a_note_where_code_could_do_it():
    text = """(module (memory 1) (table 1 funcref) (data "x") (global (mut funcref) (ref.null func))
      (func (table.set 0 (i32.const 0) (ref.null func)) (data.drop 0) (global.set 0 (ref.null func))))"""
    made = marked(text)
    assert len(made.notes) == 3
    wasmtime.Module(wasmtime.Engine(), made.wasm)


def test_code_that_could_do_none_of_it_stays_as_it_is():
    wasm = wasm_of('(module (memory (export "memory") 1) (func (i32.store (i32.const 0) (i32.const 9))))')
    assert marking.mark(outline.read(wasm)).wasm == outline.read(wasm).with_parts({7: b"\x01\x06memory\x02\x00"})
