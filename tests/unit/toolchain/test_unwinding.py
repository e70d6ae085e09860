"""Errors that leave several functions at once: what is called afterwards, and what stays as it was."""

import pytest
import wasmtime

from support.wat import wasm_of
from wardian.errors import BuildError
from wardian.snapshot import outline
from wardian.toolchain import unwinding

MODULE = """(module
  (type $run (func (param i32 i32)))
  (table 4 funcref) (elem (i32.const 1) $deep $fine)
  (memory (export "memory") 1)
  (global $stack (export "__stack_pointer") (mut i32) (i32.const 4096))
  (func $unwind (export "wardian_unwind") unreachable)
  (func $attempt (export "wardian_attempt") (param i32 i32 i32) (result i32)
    (call_indirect (type $run) (local.get 1) (local.get 2) (local.get 0)) (i32.const 0))
  (func $note (param i32) (i32.store8 (local.get 0) (i32.const 1)))
  (func $raise (param i32) (result f64)
    (global.set $stack (i32.sub (global.get $stack) (i32.const 64)))
    (if (local.get 0) (then (call $unwind) (call $note (i32.const 8)) unreachable))
    (global.set $stack (i32.add (global.get $stack) (i32.const 64)))
    (f64.const 2))
  (func $middle (param i32) (result i64)
    (drop (i64.add (i64.const 5) (i64.trunc_f64_s (call $raise (local.get 0)))))
    (call $note (i32.const 9)) (i64.const 3))
  (func $deep (type $run) (local i32)
    (loop (local.set 2 (i32.add (local.get 2) (i32.const 1)))
      (drop (call $middle (i32.and (local.get 1) (i32.eq (local.get 2) (i32.const 3)))))
      (br_if 0 (i32.lt_u (local.get 2) (i32.const 5))))
    (call $note (i32.const 10)))
  (func $fine (type $run) (call $note (i32.const 11)))
  (func (export "try") (param i32 i32) (result i32) (call $attempt (local.get 0) (i32.const 0) (local.get 1)))
  (func (export "twice") (result i32) ;; one attempt within another: the inner one ends it
    (i32.add (call $attempt (i32.const 1) (i32.const 0) (i32.const 1))
             (i32.mul (i32.const 10) (call $attempt (i32.const 1) (i32.const 0) (i32.const 0)))))
  (func (export "stack") (result i32) (global.get $stack)))"""


@pytest.fixture
def exports():
    store = wasmtime.Store()
    module = wasmtime.Module(store.engine, unwinding.rewrite(_with_stack_exported(MODULE)))
    exports = wasmtime.Instance(store, module, []).exports(store)

    def call(name, *arguments):
        return exports[name](store, *arguments)

    def noted():
        return [at for at in range(8, 12) if exports["memory"].read(store, at, at + 1) == b"\1"]

    return call, noted, [each.name for each in module.exports]


def _with_stack_exported(text):
    return wasm_of(
        text.replace('(global $stack (export "__stack_pointer")', "(global $stack").replace(
            '(func (export "stack")', '(export "__stack_pointer" (global $stack)) (func (export "stack")'
        )
    )


def test_an_error_leaves_all_functions_up_to_the_attempt(exports):
    call, noted, _ = exports
    assert call("try", 1, 1) == 1
    assert noted() == [9]  # two turns of the loop were whole, and nothing behind the error ran


def test_without_an_error_nothing_is_different(exports):
    call, noted, _ = exports
    assert call("try", 1, 0) == 0
    assert call("try", 2, 0) == 0
    assert noted() == [9, 10, 11]


def test_the_stack_is_where_it_was_and_the_next_attempt_is_a_new_one(exports):
    call, _, _ = exports
    before = call("stack")
    assert [call("try", 1, raised) for raised in (1, 0, 1, 1, 0)] == [1, 0, 1, 1, 0]
    assert call("twice") == 1
    assert call("stack") == before


def test_the_exports_that_say_where_are_taken_out(exports):
    assert exports[2] == ["memory", "try", "twice", "stack"]


def test_what_cannot_raise_stays_as_it_is():
    wasm = _with_stack_exported(MODULE)
    before, after = outline.read(wasm).parts[10], outline.read(unwinding.rewrite(wasm)).parts[10]
    note = b"\x00\x20\x00\x41\x01\x3a\x00\x00\x0b"
    assert before.count(note) == after.count(note) == 1


def test_a_module_without_the_two_functions_is_refused():
    with pytest.raises(BuildError, match="exports no `__stack_pointer`"):
        unwinding.rewrite(wasm_of("(module)"))
