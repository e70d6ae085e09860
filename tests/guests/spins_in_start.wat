;; Loops for ever in its start section.
(module
  (memory (export "memory") 1)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (func $spin (loop $again (br $again)))
  (start $spin))
