;; Answers null. The fault: it imports what no host has.
(module
  (import "wardian" "say_hello" (func (param i32 i32) (result i64)))
  (memory (export "memory") 1)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param $size i32) (result i32) (i32.const 1024))
  (func (export "answer") (param i32 i32) (result i64) (i64.const 0)))
