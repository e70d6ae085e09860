;; Counts the calls of this instance: a counter that restarts shows a new instance.
;; At 256: {"kind": "invalid", "message": "no"}, 25 bytes.
(module
  (memory (export "memory") 1)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (data (i32.const 256) "\a2\64kind\67invalid\67message\62no")
  (global $calls (mut i32) (i32.const 0))
  (func $count (global.set $calls (i32.add (global.get $calls) (i32.const 1))))
  (func (export "next") (param i32 i32) (result i64)
    (call $count)
    (i32.store8 (i32.const 0) (global.get $calls))
    (i64.const 1))
  (func (export "fail") (param i32 i32) (result i64) (call $count) (i64.const 0x10080000019))
  (func (export "trap") (param i32 i32) (result i64) (call $count) (unreachable))
  (func (export "lie") (param i32 i32) (result i64) (call $count) (i64.const 0xffffffff00000001))
  (func (export "spin") (param i32 i32) (result i64) (call $count) (loop $again (br $again)) (unreachable)))
