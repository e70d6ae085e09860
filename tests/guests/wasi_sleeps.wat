;; Sleeps for an hour through `poll_oneoff` and then returns, without a loop at which the engine could stop it.
(module
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  ;; At 64 a subscription of 48 bytes: at +8 the tag 0 of a clock, at +16 the clock 1 (monotonic), at +24 the timeout of
  ;; 3,600,000,000,000 ns, relative.
  (data (i32.const 80) "\01\00\00\00\00\00\00\00\00\a0\b8\30\46\03\00\00")
  (func (export "run") (result i32)
    (call $poll (i32.const 64) (i32.const 128) (i32.const 1) (i32.const 160))))
