;; Returns the i64 that its request holds, a byte string of 24 to 255 bytes: a test decides how it lies (`support.lies`).
;; The bytes of that string lie at 1026.
(module
  (memory (export "memory") 1)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "answer") (param $at i32) (param i32) (result i64) (i64.load offset=2 (local.get $at))))
