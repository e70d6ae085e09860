;; Logs `hello`, at level 2, ten times: `give_up` answers with the first error, `go_on` minds none and answers null.
;; At 0: [2, "hello"], 8 bytes.
(module
  (import "wardian" "log" (func $ask (param i32 i32) (result i64)))
  (import "wardian" "take" (func $take (param i32)))
  (memory (export "memory") 1)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (data (i32.const 0) "\82\02\65hello")
  (func (export "give_up") (param i32 i32) (result i64)
    (local $result i64)
    (local $left i32)
    (local.set $left (i32.const 10))
    (loop $again
      (local.set $result (call $ask (i32.const 0) (i32.const 8)))
      (if (i64.lt_s (local.get $result) (i64.const 0))
        (then
          (call $take (i32.const 4096))
          (return (i64.sub (i64.const 0x100080000000) (local.get $result)))))
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br_if $again (local.get $left)))
    (i64.const 0))
  (func (export "go_on") (param i32 i32) (result i64)
    (local $left i32)
    (local.set $left (i32.const 10))
    (loop $again
      (drop (call $ask (i32.const 0) (i32.const 8)))
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br_if $again (local.get $left)))
    (i64.const 0)))
