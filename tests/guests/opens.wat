;; Answers what `plugin_open` was given. Refuses a configuration of three entries, with the kind `config`, and asks the
;; application's `closed` when it is closed.
;; At 0: {"kind": "config", "message": "no"}, 24 bytes. Requests of `plugin_open` are kept at 512.
(module
  (import "app" "closed" (func $closed (param i32 i32) (result i64)))
  (memory (export "memory") 1)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (data (i32.const 0) "\a2\64kind\66config\67message\62no")
  (global $size (mut i32) (i32.const 0))
  (func (export "plugin_open") (param $at i32) (param $size i32) (result i64)
    (if (i32.eq (i32.load8_u offset=8 (local.get $at)) (i32.const 0xa3)) (then (return (i64.const 0x80000018))))
    (memory.copy (i32.const 512) (local.get $at) (local.get $size))
    (global.set $size (local.get $size))
    (i64.const 0))
  (func (export "opened") (param i32 i32) (result i64)
    (i64.or (i64.const 0x20000000000) (i64.extend_i32_u (global.get $size))))
  (func (export "plugin_close") (param i32 i32) (result i64)
    (drop (call $closed (local.get 0) (local.get 1)))
    (i64.const 0)))
