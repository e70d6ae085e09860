;; Begins with 600 elements in each of two tables, neither exported.
(module
  (memory (export "memory") 1)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (table $one 600 funcref)
  (table $two 600 funcref)
  (func (export "run") (param i32 i32) (result i64) (i64.const 0)))
