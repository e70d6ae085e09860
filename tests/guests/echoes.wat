;; Answers with its request, as it is. Healthy: it grows its memory for whatever it is given.
(module
  (memory (export "memory") 1)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param $size i32) (result i32)
    (if (i32.lt_s
          (memory.grow (i32.add (i32.shr_u (local.get $size) (i32.const 16)) (i32.const 1)))
          (i32.const 0))
      (then (return (i32.const 0))))
    (i32.const 65536))
  (func (export "echo") (param $at i32) (param $size i32) (result i64)
    (i64.or
      (i64.shl (i64.extend_i32_u (local.get $at)) (i64.const 32))
      (i64.extend_i32_u (local.get $size)))))
