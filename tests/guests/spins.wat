;; Loops for ever; `answer` shows whether the instance lives.
(module
  (memory (export "memory") 1)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "spin") (param i32 i32) (result i64) (loop $again (br $again)) (unreachable))
  (func (export "answer") (param i32 i32) (result i64) (i64.const 0)))
