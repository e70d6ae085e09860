;; Asks for 100,000 more table elements: `insist` gives up when that is refused, `cope` answers null.
(module
  (memory (export "memory") 1)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (table $one 1 funcref)
  (func $grow (result i32) (table.grow $one (ref.null func) (i32.const 100000)))
  (func (export "insist") (param i32 i32) (result i64)
    (if (i32.lt_s (call $grow) (i32.const 0)) (then (unreachable)))
    (i64.const 0))
  (func (export "cope") (param i32 i32) (result i64) (drop (call $grow)) (i64.const 0)))
