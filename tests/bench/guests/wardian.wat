;; What is measured, for Wardian: answers with its request as it lies there, calls the application, computes.
(module
  (import "app" "answer" (func $answer (param i32 i32) (result i64)))
  (import "wardian" "take" (func $take (param i32)))
  (memory (export "memory") 33) ;; the first page for itself, the others for requests
  (global $room (mut i32) (i32.const 0x200000)) ;; bytes from 65536 on
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param $size i32) (result i32)
    (if (i32.gt_u (local.get $size) (global.get $room))
      (then
        (if (i32.lt_s (memory.grow (i32.shr_u (local.get $size) (i32.const 16))) (i32.const 0))
          (then (return (i32.const 0))))
        (global.set $room (i32.add (global.get $room) (local.get $size)))))
    (i32.const 65536))
  (func (export "echo") (param $at i32) (param $size i32) (result i64)
    (i64.or
      (i64.shl (i64.extend_i32_u (local.get $at)) (i64.const 32))
      (i64.extend_i32_u (local.get $size))))
  ;; A thousand calls of the application: 8 bytes there, 8 bytes back, each reply read.
  (func (export "ask") (param i32 i32) (result i64) (local $left i32) (local $sum i64)
    (local.set $left (i32.const 1000))
    (i32.store8 (i32.const 16) (i32.const 0x48)) ;; a byte string of 8 bytes
    (i64.store (i32.const 17) (i64.const 0x2e73657479622038))
    (loop $again
      (if (i64.gt_s (call $answer (i32.const 16) (i32.const 9)) (i64.const 0))
        (then
          (call $take (i32.const 32))
          (local.set $sum (i64.add (local.get $sum) (i64.load (i32.const 33))))))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (if (i64.eqz (local.get $sum)) (then (unreachable)))
    (i64.const 0))
  ;; Computes for some milliseconds.
  (func (export "compute") (param i32 i32) (result i64) (local $left i32) (local $sum i64)
    (local.set $left (i32.const 10000000))
    (loop $again
      (local.set $sum (i64.xor (i64.mul (local.get $sum) (i64.const 31)) (i64.extend_i32_u (local.get $left))))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (i64.store (i32.const 40) (local.get $sum))
    (i64.const 0)))
