;; Counts in its state, under `n`: `add` answers the sum, `add_and_fail`, `add_and_trap`, `add_and_spin` and `add_and_lie`
;; do not end well after that.
;; At 0: ["n", 1], 4 bytes; at 16: {"kind": "invalid", "message": "no"}, 25 bytes.
(module
  (import "wardian" "state_add" (func $ask (param i32 i32) (result i64)))
  (import "wardian" "take" (func $take (param i32)))
  (memory (export "memory") 1)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (data (i32.const 0) "\82\61n\01")
  (data (i32.const 16) "\a2\64kind\67invalid\67message\62no")
  (func $add (result i64) (call $ask (i32.const 0) (i32.const 4)))
  (func (export "add") (param i32 i32) (result i64)
    (local $size i64)
    (local.set $size (call $add))
    (call $take (i32.const 64))
    (i64.or (i64.const 0x4000000000) (local.get $size)))
  (func (export "add_and_fail") (param i32 i32) (result i64) (drop (call $add)) (i64.const 0x1080000019))
  (func (export "add_and_trap") (param i32 i32) (result i64) (drop (call $add)) (unreachable))
  (func (export "add_and_lie") (param i32 i32) (result i64) (drop (call $add)) (i64.const 0xffffffff00000001))
  (func (export "add_and_spin") (param i32 i32) (result i64) (drop (call $add)) (loop $again (br $again)) (unreachable)))
