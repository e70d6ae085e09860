;; An extension that counts for other plugins, and goes on after a restart: the ABI by hand.
(module
  (import "wardian" "take" (func $take (param i32)))
  (import "wardian" "state_add" (func $state_add (param i32 i32) (result i64)))
  (import "wardian" "state_get" (func $state_get (param i32 i32) (result i64)))
  (memory (export "memory") 2)
  (global $next (mut i32) (i32.const 0)) ;; behind the head that was read last

  ;; Below 64 KiB: names, errors, what is sent to the host. From 64 KiB on: the request.
  (data (i32.const 0) "method")
  (data (i32.const 8) "argument")
  (data (i32.const 16) "add")
  (data (i32.const 24) "get")
  (data (i32.const 32) "\65total")
  (data (i32.const 64) "\a2\64kind\67invalid\67message\78\26`add` takes an integer, or null for 1.")
  (data (i32.const 160) "\a2\64kind\6dunimplemented\67message\78\1fthe methods are `add` and `get`")
  (data (i32.const 256) "\82\65total") ;; [ "total", and behind it the integer to add

  (func (export "wardian_abi_v1"))

  ;; The buffer for requests is all memory from 64 KiB on; 0 says that there is not enough of it.
  (func (export "wardian_alloc") (param $size i32) (result i32)
    (local $more i64)
    (local.set $more (i64.sub (i64.add (i64.extend_i32_u (local.get $size)) (i64.const 65536))
                              (i64.shl (i64.extend_i32_u (memory.size)) (i64.const 16))))
    (if (i64.gt_s (local.get $more) (i64.const 0))
      (then
        (if (i32.eq (i32.const -1)
                    (memory.grow (i32.wrap_i64 (i64.shr_u (i64.add (local.get $more) (i64.const 65535)) (i64.const 16)))))
          (then (return (i32.const 0))))))
    (i32.const 65536))

  ;; {"method": text, "argument": any} -> what the method answers
  (func (export "extension_call") (param $request i32) (param $size i32) (result i64)
    (local $method i32)
    (local.set $method (call $get (local.get $request) (i32.const 0) (i32.const 6)))
    (if (call $is (local.get $method) (i32.const 16) (i32.const 3))
      (then (return (call $add (call $get (local.get $request) (i32.const 8) (i32.const 8))))))
    (if (call $is (local.get $method) (i32.const 24) (i32.const 3))
      (then (return (call $total))))
    (call $failed (i32.const 160) (i32.const 61)))

  ;; An integer, or null for 1 -> the new total, just as the host gives it.
  (func $add (param $argument i32) (result i64)
    (local $size i32)
    (local.set $size (i32.const 1))
    (if (i32.or (i32.eqz (local.get $argument)) (i32.eq (i32.load8_u (local.get $argument)) (i32.const 0xf6)))
      (then (i32.store8 (i32.const 263) (i32.const 1)))
      (else
        (if (i32.gt_u (i32.shr_u (i32.load8_u (local.get $argument)) (i32.const 5)) (i32.const 1))
          (then (return (call $failed (i32.const 64) (i32.const 62)))))
        (local.set $size (i32.sub (call $skip (local.get $argument)) (local.get $argument)))
        (memory.copy (i32.const 263) (local.get $argument) (local.get $size))))
    (call $answer (call $state_add (i32.const 256) (i32.add (i32.const 7) (local.get $size)))))

  (func $total (result i64)
    (local $result i64)
    (local.set $result (call $state_get (i32.const 32) (i32.const 6)))
    (if (i64.eqz (local.get $result)) ;; null: nothing was added yet
      (then
        (i32.store8 (i32.const 512) (i32.const 0))
        (return (call $packed (i32.const 512) (i32.const 1)))))
    (call $answer (local.get $result)))

  ;; What the host says of a call becomes the reply: n bytes wait, or -n bytes of an error.
  (func $answer (param $result i64) (result i64)
    (if (i64.eqz (local.get $result)) (then (return (i64.const 0))))
    (call $take (i32.const 512))
    (if (i64.lt_s (local.get $result) (i64.const 0))
      (then (return (call $failed (i32.const 512) (i32.wrap_i64 (i64.sub (i64.const 0) (local.get $result)))))))
    (call $packed (i32.const 512) (i32.wrap_i64 (local.get $result))))

  (func $packed (param $at i32) (param $size i32) (result i64)
    (i64.or (i64.shl (i64.extend_i32_u (local.get $at)) (i64.const 32)) (i64.extend_i32_u (local.get $size))))

  (func $failed (param $at i32) (param $size i32) (result i64)
    (i64.or (i64.const 0x80000000) (call $packed (local.get $at) (local.get $size))))

  ;; Where the value of a text key lies in a map; 0 where there is none, or it is no map. Keys have less than 24 bytes.
  (func $get (param $map i32) (param $key i32) (param $size i32) (result i32)
    (local $left i64) (local $at i32)
    (if (i32.ne (i32.shr_u (i32.load8_u (local.get $map)) (i32.const 5)) (i32.const 5)) (then (return (i32.const 0))))
    (local.set $left (call $head (local.get $map)))
    (local.set $at (global.get $next))
    (loop $pairs
      (if (i64.eqz (local.get $left)) (then (return (i32.const 0))))
      (if (call $is (local.get $at) (local.get $key) (local.get $size))
        (then (return (call $skip (local.get $at)))))
      (local.set $at (call $skip (call $skip (local.get $at))))
      (local.set $left (i64.sub (local.get $left) (i64.const 1)))
      (br $pairs))
    (unreachable))

  ;; Whether an item, which may be missing, is this text of less than 24 bytes.
  (func $is (param $item i32) (param $text i32) (param $size i32) (result i32)
    (local $at i32)
    (if (i32.eqz (local.get $item)) (then (return (i32.const 0))))
    (if (i32.ne (i32.load8_u (local.get $item)) (i32.or (i32.const 0x60) (local.get $size)))
      (then (return (i32.const 0))))
    (loop $bytes
      (if (i32.eq (local.get $at) (local.get $size)) (then (return (i32.const 1))))
      (if (i32.ne (i32.load8_u offset=1 (i32.add (local.get $item) (local.get $at)))
                  (i32.load8_u (i32.add (local.get $text) (local.get $at))))
        (then (return (i32.const 0))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br $bytes))
    (unreachable))

  ;; The number in the head of an item, and $next behind it. The host writes no indefinite lengths.
  (func $head (param $at i32) (result i64)
    (local $left i32) (local $number i64)
    (local.set $left (i32.and (i32.load8_u (local.get $at)) (i32.const 31)))
    (local.set $at (i32.add (local.get $at) (i32.const 1)))
    (if (i32.lt_u (local.get $left) (i32.const 24))
      (then (global.set $next (local.get $at)) (return (i64.extend_i32_u (local.get $left)))))
    (local.set $left (i32.shl (i32.const 1) (i32.sub (local.get $left) (i32.const 24))))
    (loop $bytes
      (local.set $number (i64.or (i64.shl (local.get $number) (i64.const 8)) (i64.load8_u (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $bytes (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (global.set $next (local.get $at))
    (local.get $number))

  ;; What lies behind an item: its head, its bytes, and the items in it, of which a map has two for each pair.
  (func $skip (param $at i32) (result i32)
    (local $type i32) (local $left i64)
    (local.set $type (i32.shr_u (i32.load8_u (local.get $at)) (i32.const 5)))
    (local.set $left (call $head (local.get $at)))
    (local.set $at (global.get $next))
    (if (i32.or (i32.lt_u (local.get $type) (i32.const 2)) (i32.eq (local.get $type) (i32.const 7)))
      (then (return (local.get $at))))
    (if (i32.lt_u (local.get $type) (i32.const 4))
      (then (return (i32.add (local.get $at) (i32.wrap_i64 (local.get $left))))))
    (if (i32.eq (local.get $type) (i32.const 5)) (then (local.set $left (i64.shl (local.get $left) (i64.const 1)))))
    (if (i32.eq (local.get $type) (i32.const 6)) (then (local.set $left (i64.const 1))))
    (loop $items
      (if (i64.eqz (local.get $left)) (then (return (local.get $at))))
      (local.set $at (call $skip (local.get $at)))
      (local.set $left (i64.sub (local.get $left) (i64.const 1)))
      (br $items))
    (unreachable)))
