;; Asks for the time in its start section, before it is ready.
(module
  (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
  (memory (export "memory") 1)
  (func $early (drop (call $time (i32.const 0) (i64.const 0) (i32.const 0))))
  (start $early))
