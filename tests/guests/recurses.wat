;; Calls itself for ever.
(module
  (memory (export "memory") 1)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (func $run (export "run") (param i32 i32) (result i64)
    (i64.add (i64.const 1) (call $run (local.get 0) (local.get 1)))))
