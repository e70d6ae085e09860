;; Grows its memory page by page until that is refused: `insist` gives up then, `cope` answers null.
(module
  (memory (export "memory") 1)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (func $grow (loop $again (br_if $again (i32.ge_s (memory.grow (i32.const 1)) (i32.const 0)))))
  (func (export "insist") (param i32 i32) (result i64) (call $grow) (unreachable))
  (func (export "cope") (param i32 i32) (result i64) (call $grow) (i64.const 0))
  (func (export "leap") (param i32 i32) (result i64)
    (if (i32.lt_s (memory.grow (i32.const 1000)) (i32.const 0)) (then (unreachable)))
    (i64.const 0)))
