;; Calls the host in its start section, before it is ready.
(module
  (import "wardian" "cancelled" (func $ask (param i32 i32) (result i64)))
  (memory (export "memory") 1)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (func $early (drop (call $ask (i32.const 0) (i32.const 0))))
  (start $early))
