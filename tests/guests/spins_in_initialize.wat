;; Loops for ever in `_initialize`.
(module
  (memory (export "memory") 1)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "_initialize") (loop $again (br $again))))
