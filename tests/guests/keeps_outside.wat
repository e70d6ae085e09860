;; Hands out a buffer whose end is outside its memory.
(module
  (memory (export "memory") 1)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 65500))
  (func (export "run") (param i32 i32) (result i64) (i64.const 0)))
