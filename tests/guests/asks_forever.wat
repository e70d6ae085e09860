;; Asks the host for ever whether it has to end, and never minds the answer.
(module
  (import "wardian" "cancelled" (func $ask (param i32 i32) (result i64)))
  (memory (export "memory") 1)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (data (i32.const 0) "\f6")
  (func (export "run") (param i32 i32) (result i64)
    (loop $again (drop (call $ask (i32.const 0) (i32.const 1))) (br $again))
    (unreachable)))
