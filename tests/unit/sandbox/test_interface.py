import pytest
import wasmtime
from hypothesis import given
from hypothesis import strategies as st

from support.bombs import MAGIC, section
from support.wat import wasm_of
from wardian.errors import PackageError
from wardian.sandbox import interface
from wardian.sandbox.interface import Export, Import

TEXT = """(module
  (import "a" "f" (func (param i32 i64 f32 f64) (result i64)))
  (import "a" "v" (func (param v128 externref funcref)))
  (import "a" "t" (table 3 9 funcref))
  (import "a" "g" (global (mut i64)))
  (import "" "n" (func))
  (memory 2 7)
  (table $own 5 externref) (table 4 6 funcref)
  (global $x i32 (i32.const 0))
  (func $f (param f64) (result i32 i32) unreachable)
  (export "f" (func 0)) (export "own" (func $f)) (export "v" (func 1)) (export "m" (memory 0)) (export "t" (table 0))
  (export "o" (table $own)) (export "g" (global $x)) (export "" (func $f)))"""


def test_it_says_what_the_text_does():
    found = interface.read(wasm_of(TEXT))
    assert found.imports == (
        Import("a", "f", "func", ("i32", "i64", "f32", "f64"), ("i64",)),
        Import("a", "v", "func", ("v128", "externref", "funcref")),
        Import("a", "t", "table"),
        Import("a", "g", "global"),
        Import("", "n", "func"),
    )
    own = (("f64",), ("i32", "i32"))
    assert found.exports == (
        Export("f", "func", ("i32", "i64", "f32", "f64"), ("i64",)),
        Export("own", "func", *own),
        Export("v", "func", ("v128", "externref", "funcref")),
        Export("m", "memory", least=2, most=7),
        Export("t", "table", least=3, most=9),
        Export("o", "table", least=5),
        Export("g", "global"),
        Export("", "func", *own),
    )
    assert found.tables == (5, 4)


def test_an_imported_memory_is_counted_before_the_modules_own():
    found = interface.read(wasm_of('(module (import "a" "m" (memory 3)) (export "m" (memory 0)))'))
    assert found.exports == (Export("m", "memory", least=3),)


def test_a_module_of_nothing_has_nothing():
    assert interface.read(MAGIC) == interface.Interface((), (), ())


# The engine's Python API has no vectors, and another name for references.
VALUES = st.lists(st.sampled_from(["i32", "i64", "f32", "f64"]), max_size=5)


def function(index, params, results, *, imported):
    """The text of a function that is exported, and imported or not."""
    source, body = (f'(import "m" "{index}")', "") if imported else ("", "unreachable")
    return f'(func (export "e{index}") {source} (param {" ".join(params)}) (result {" ".join(results)}) {body})'


@given(st.lists(st.tuples(VALUES, VALUES), max_size=8), st.integers(0, 8))
def test_it_says_what_the_engine_does(types, imported):
    parts = [function(index, *each, imported=index < imported) for index, each in enumerate(types)]
    wasm = wasmtime.wat2wasm(f"(module {' '.join(parts)})")
    module = wasmtime.Module(wasmtime.Engine(), wasm)
    found = interface.read(bytes(wasm))
    for ours, theirs in ((found.imports, module.imports), (found.exports, module.exports)):
        assert [(each.name, each.params, each.results) for each in ours] == [
            (each.name, tuple(map(str, each.type.params)), tuple(map(str, each.type.results))) for each in theirs
        ]


BROKEN = {
    "an unknown value type": section(1, b"\x01\x60\x01\x50\x00"),
    "a type that is no function": section(1, b"\x01\x5f\x00"),
    "a type that is not there": section(3, b"\x01\x05"),
    "a name that is not UTF-8": section(7, b"\x01\x01\xff\x00\x00"),
    "a kind that is not there": section(7, b"\x01\x01a\x09\x00"),
    "an export of nothing": section(7, b"\x01\x01a\x02\x00"),
    "a list that does not end": section(1, b"\x7f"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_not_valid_is_refused(name):
    with pytest.raises(PackageError):
        interface.read(MAGIC + BROKEN[name])


@given(st.integers(1, 7), st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(kind, content):
    try:
        interface.read(MAGIC + section(kind, content))
    except PackageError as error:
        assert error.code in ("invalid_module", "unsupported_feature")  # noqa: PT017 - whether it raises is what varies
