;; Answers null. The fault: its buffer begins 16 bytes before the end of its memory, whatever size was asked for.
(module
  (memory (export "memory") 1)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param $size i32) (result i32) (i32.const 65520))
  (func (export "answer") (param i32 i32) (result i64) (i64.const 0)))
