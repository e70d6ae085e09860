;; Asks the host with its own request, through an import that the test names in the place of `wardian.log`, and answers
;; with the host's reply or error.
(module
  (import "wardian" "log" (func $ask (param i32 i32) (result i64)))
  (import "wardian" "take" (func $take (param i32)))
  (memory (export "memory") 4)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "ask") (param $at i32) (param $size i32) (result i64)
    (local $result i64)
    (local.set $result (call $ask (local.get $at) (local.get $size)))
    (if (i64.eqz (local.get $result)) (then (return (i64.const 0))))
    (call $take (i32.const 65536))
    (if (i64.lt_s (local.get $result) (i64.const 0))
      (then (return (i64.sub (i64.const 0x1000080000000) (local.get $result)))))
    (i64.or (i64.const 0x1000000000000) (local.get $result))))
