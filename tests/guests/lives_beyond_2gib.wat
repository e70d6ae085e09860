;; Hands out a buffer at 2^31, which as an i32 is negative, and answers from there.
(module
  (memory (export "memory") 32769)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 0x80000000))
  (func (export "echo") (param $at i32) (param $size i32) (result i64)
    (i64.or
      (i64.shl (i64.extend_i32_u (local.get $at)) (i64.const 32))
      (i64.extend_i32_u (local.get $size)))))
