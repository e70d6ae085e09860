;; Hands out the buffer that the last `next` named: 7 traps, 9 loops, 11 grows memory by 100 pages and hands those out.
;; `show` answers with all of its first page; `echo` with its request.
(module
  (memory (export "memory") 1)
  (data (i32.const 4096) "data of the guest's own")
  (func (export "wardian_abi_v1"))
  (global $next (mut i32) (i32.const 1024))
  (func (export "wardian_alloc") (param i32) (result i32)
    (if (i32.eq (global.get $next) (i32.const 7)) (then (unreachable)))
    (if (i32.eq (global.get $next) (i32.const 9)) (then (loop $again (br $again))))
    (if (i32.eq (global.get $next) (i32.const 11))
      (then (return (i32.shl (memory.grow (i32.const 100)) (i32.const 16)))))
    (global.get $next))
  (func (export "next") (param $at i32) (param i32) (result i64)
    (global.set $next (i32.load offset=1 (local.get $at)))
    (i64.const 0))
  (func (export "show") (param i32 i32) (result i64) (i64.const 0x10000))
  (func (export "echo") (param $at i32) (param $size i32) (result i64)
    (i64.or (i64.shl (i64.extend_i32_u (local.get $at)) (i64.const 32)) (i64.extend_i32_u (local.get $size)))))
