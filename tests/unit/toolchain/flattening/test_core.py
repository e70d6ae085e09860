import pytest

from support.wat import wasm_of
from wardian.errors import BuildError
from wardian.toolchain.flattening import core

TEXT = """
(module
  (import "a" "f" (func (param i32)))
  (import "a" "g" (global i32))
  (import "a" "t" (table 2 9 funcref))
  (import "a" "m" (memory 1 4))
  (func (export "one") (result i32) i32.const 1)
  (func)
  (global (mut i64) (i64.const -300))
  (global f32 (f32.const 1.25))
  (global i32 (i32.add (global.get 0) (i32.const -5)))
  (elem (i32.const 1) func 1 2)
  (data (i32.const 16) "content"))
"""


def test_a_module_is_taken_apart():
    parts = core.read(wasm_of(TEXT))
    assert [(each.module, each.name, each.sort) for each in parts.imports] == [
        ("a", "f", core.FUNCTION), ("a", "g", core.GLOBAL), ("a", "t", core.TABLE), ("a", "m", core.MEMORY),
    ]  # fmt: skip
    assert parts.exports == {"one": (core.FUNCTION, 1)}
    assert (len(parts.functions), len(parts.bodies), len(parts.globals)) == (2, 2, 3)
    assert [(each.value, each.base) for _, each in parts.globals] == [(0, None), (0, None), (-5, 0)]
    assert parts.elements[0].functions == (1, 2)
    assert parts.segments[0][1] == b"content"
    assert len(parts.imported(core.FUNCTION)) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('(module (memory 1) (data "passive"))', "data in a form"),
        ("(module (func) (elem declare func 0))", "elements in a form"),
        ("(module (global i32 (i32.mul (i32.const 2) (i32.const 3))))", "a constant"),
        ("(module (func) (start 0))", "a section"),
    ],
)
def test_what_no_such_module_has_is_refused_by_name(text, said):
    with pytest.raises(BuildError, match=said):
        core.read(wasm_of(text))
