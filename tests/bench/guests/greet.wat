;; What is greeted in other languages, without reading or writing a value: the same host call, and a reply of as many bytes.
(module
  (import "app" "lookup_user" (func $lookup (param i32 i32) (result i64)))
  (import "wardian" "take" (func $take (param i32)))
  (memory (export "memory") 2)
  (data (i32.const 0) "\63Ada") ;; the text "Ada"
  ;; {"text": "Hello, Ada Lovelace!", "user": {"id": 7, "full_name": "Ada Lovelace"}}
  (data (i32.const 16) "\a2\64text\74Hello, Ada Lovelace!\64user\a2\62id\07\69full_name\6cAda Lovelace")
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 65536))
  (func (export "greet") (param i32 i32) (result i64)
    (if (i64.gt_s (call $lookup (i32.const 0) (i32.const 4)) (i64.const 0)) (then (call $take (i32.const 1024))))
    (i64.const 0x100000003c)) ;; 60 bytes at 16
  (func (export "extension_call") (param i32 i32) (result i64) (i64.const 0)))
