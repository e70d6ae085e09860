"""A small component, put together as `componentize-py` does it, without an interpreter in it."""

from support.wat import wasm_of

ENTRIES = ("echo", "asks", "fails", "clock", "files")

# `main` has memory, table and the numbers at which the library lies; the library calls the component's import through a
# shim, whose table the fixup fills in the end. `waste` is called by nobody.
TEXT = """
(component
  (type $bytes (list u8))
  (type $answer (result $bytes (error $bytes)))
  (import "ask" (func $ask (param "slot" u32) (param "request" $bytes) (result $answer)))
  (core module $main
    (memory (export "memory") 1)
    (table (export "__indirect_function_table") 4 funcref)
    (global (export "base") i32 (i32.const 2))
    (global (export "heap") (mut i32) (i32.const 4096))
    (global (export "float") f64 (f64.const 1.5))
    (global (export "wide") i64 (i64.const -7))
    (data (i32.const 8) "here"))
  (core module $clock
    (func (export "now") (result i64) unreachable))
  (core module $files
    (func (export "[method]descriptor.stat") (param i32 i32) unreachable))
  (core module $shim
    (table (export "$imports") 1 funcref)
    (type $ask (func (param i32 i32 i32 i32)))
    (func (export "0") (param i32 i32 i32 i32)
      (call_indirect (type $ask)
        (local.get 0) (local.get 1) (local.get 2) (local.get 3) (i32.const 0))))
  (core module $library
    (import "env" "memory" (memory 1))
    (import "env" "__indirect_function_table" (table 4 funcref))
    (import "env" "base" (global $base i32))
    (import "env" "heap" (global $heap (mut i32)))
    (import "root" "ask" (func $ask (param i32 i32 i32 i32)))
    (import "wasi:clocks/monotonic-clock@0.2.0" "now" (func $now (result i64)))
    (import "wasi:filesystem/types@0.2.0" "[method]descriptor.stat" (func $stat (param i32 i32)))
    (global $own i32 (i32.add (global.get $base) (i32.const 1)))
    (elem (global.get $base) func $echo $asks)
    (type $entry (func (param i32 i32) (result i32)))
    (func $waste unreachable)
    (func $one (param $x i32) (param $y i32) (result i32 i32) (local.get $x) (local.get $y))
    (func $answer (param $failed i32) (param $at i32) (param $size i32) (result i32)
      (i32.store8 (i32.const 64) (local.get $failed))
      (i32.store (i32.const 68) (local.get $at))
      (i32.store (i32.const 72) (local.get $size))
      (i32.const 64))
    (func $echo (type $entry)
      (call $answer (i32.const 0)
        (block (param) (result i32 i32) (call $one (local.get 0) (local.get 1)))))
    (func $asks (type $entry)
      (call $ask (i32.const 1) (local.get 0) (local.get 1) (i32.const 64))
      (i32.const 64))
    (func (export "malloc") (param i32) (result i32)
      (local $at i32)
      (local.set $at (global.get $heap))
      (global.set $heap (i32.add (global.get $heap) (i32.and (i32.add (local.get 0) (i32.const 15)) (i32.const -8))))
      (select (i32.const 0) (local.get $at) (i32.gt_u (global.get $heap) (i32.const 65536))))
    (func (export "calloc") (param i32 i32) (result i32) (i32.const 0))
    (func (export "free") (param i32))
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable)
    (func (export "cabi_post_run") (param i32))
    (func (export "run") (param $entry i32) (param $at i32) (param $size i32) (result i32)
      (block $files (block $clock (block $fails (block $called
        (br_table $called $called $fails $clock $files (local.get $entry)))
        ;; an entry point by its place in the table
        (return (call_indirect (type $entry) (local.get $at) (local.get $size)
          (i32.add (i32.sub (global.get $own) (i32.const 1)) (local.get $entry)))))
        (return (call $answer (i32.const 1) (local.get $at) (local.get $size))))
        (i64.store (i32.const 80) (call $now))
        (return (call $answer (i32.const 0) (i32.const 80) (i32.const 8))))
      (call $stat (i32.const 3) (i32.const 96))
      (call $answer (i32.const 0) (i32.const 96) (i32.const 9))))
  (core instance $shim (instantiate $shim))
  (alias core export $shim "0" (core func $late))
  (core instance $root (export "ask" (func $late)))
  (core instance $main (instantiate $main))
  (core instance $clock (instantiate $clock))
  (core instance $files (instantiate $files))
  (core instance $library (instantiate $library
    (with "env" (instance $main))
    (with "root" (instance $root))
    (with "wasi:clocks/monotonic-clock@0.2.0" (instance $clock))
    (with "wasi:filesystem/types@0.2.0" (instance $files))))
  (core module $fixup
    (import "" "0" (func $ask (param i32 i32 i32 i32)))
    (import "" "$imports" (table 1 funcref))
    (elem (i32.const 0) func $ask))
  (alias core export $main "memory" (core memory $memory))
  (alias core export $library "cabi_realloc" (core func $realloc))
  (core func $lowered (canon lower (func $ask) (memory $memory) (realloc $realloc)))
  (alias core export $shim "$imports" (core table $imports))
  (core instance $late (export "0" (func $lowered)) (export "$imports" (table $imports)))
  (core instance (instantiate $fixup (with "" (instance $late))))
  (type $run (func (param "entry" u32) (param "request" $bytes) (result $answer)))
  (alias core export $library "run" (core func $run))
  (alias core export $library "cabi_post_run" (core func $done))
  (func $lifted (type $run)
    (canon lift (core func $run) (memory $memory) (realloc $realloc) (post-return $done)))
  (export "run" (func $lifted)))
"""


def component(replace=()):
    """Its bytes, with parts of its text replaced by others."""
    text = TEXT
    for old, new in replace:
        assert old in text
        text = text.replace(old, new)
    return wasm_of(text)
