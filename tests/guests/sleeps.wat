;; Sleeps for an hour in WASI.
;; At 64 a subscription: the tag 0 of a clock, at 80 the monotonic clock, at 88 the timeout of 3,600,000,000,000 ns.
(module
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (data (i32.const 80) "\01\00\00\00\00\00\00\00\00\a0\b8\30\46\03\00\00")
  (func (export "run") (param i32 i32) (result i64)
    (drop (call $poll (i32.const 64) (i32.const 128) (i32.const 1) (i32.const 160)))
    (i64.const 0)))
