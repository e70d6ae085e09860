;; Answers `[1, 2]`, which stands at 4096. The fault: its buffer for requests begins at 1024 and ends there, but it gives
;; the same for up to 60,000 bytes.
(module
  (memory (export "memory") 2)
  (func (export "wardian_abi_v1"))
  (data (i32.const 4096) "\82\01\02")
  (func (export "wardian_alloc") (param $size i32) (result i32)
    (select (i32.const 0) (i32.const 1024) (i32.gt_u (local.get $size) (i32.const 65536))))
  (func (export "answer") (param i32 i32) (result i64) (i64.const 0x100000000003)))
