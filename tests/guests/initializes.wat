;; Answers how often `_initialize` has run: 1, if it ran before everything else and once.
(module
  (memory (export "memory") 1)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (global $ran (mut i32) (i32.const 0))
  (func (export "_initialize") (global.set $ran (i32.add (global.get $ran) (i32.const 1))))
  (func (export "run") (param i32 i32) (result i64)
    (i32.store8 (i32.const 0) (global.get $ran))
    (i64.const 1)))
