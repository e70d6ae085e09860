;; Loops for ever in `plugin_open`.
(module
  (memory (export "memory") 1)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "plugin_open") (param i32 i32) (result i64) (loop $again (br $again)) (unreachable)))
