;; Returns the i64 that its request begins with: a test decides how it lies. Requests lie at 1024.
(module
  (memory (export "memory") 1)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "answer") (param $at i32) (param i32) (result i64) (i64.load (local.get $at))))
