;; What is measured, for Extism: the same work, with nothing copied that need not be.
(module
  (import "extism:host/env" "input_offset" (func $input_offset (result i64)))
  (import "extism:host/env" "input_length" (func $input_length (result i64)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
  (import "extism:host/env" "length" (func $length (param i64) (result i64)))
  (import "extism:host/env" "load_u64" (func $load (param i64) (result i64)))
  (import "extism:host/env" "free" (func $free (param i64)))
  (import "extism:host/user" "answer" (func $answer (param i64) (result i64)))
  (memory (export "memory") 1)
  (func (export "echo") (result i32)
    (call $output_set (call $input_offset) (call $input_length))
    (i32.const 0))
  ;; A thousand calls of the application: the 8 bytes of the input there, 8 bytes back, each reply read and freed.
  (func (export "ask") (result i32) (local $left i32) (local $reply i64) (local $sum i64)
    (local.set $left (i32.const 1000))
    (loop $again
      (local.set $reply (call $answer (call $input_offset)))
      (if (i64.eq (call $length (local.get $reply)) (i64.const 8))
        (then (local.set $sum (i64.add (local.get $sum) (call $load (local.get $reply))))))
      (call $free (local.get $reply))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (if (i64.eqz (local.get $sum)) (then (unreachable)))
    (i32.const 0)))
