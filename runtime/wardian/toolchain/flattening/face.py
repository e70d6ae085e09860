"""The face of a module that was a component: code that turns calls of our ABI into the component's, and back.

Also stands in for the few functions of WASI that an interpreter cannot do without, by those of the older WASI, which
the host offers within its rules: clocks, waits, random numbers, the two streams. There are no files, and all else ends
the instance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence


def text(entries: Sequence[str], imports: Sequence[tuple[str, str]]) -> str:
    """The face in the text format.

    Args:
        entries: the entry points, in the order of the numbers that `run` takes.
        imports: what is imported from the host, module and name, in the order of the numbers that `ask` takes.
    """
    asked = "\n".join(
        f'  (import "{module}" "{name}" (func $import{slot} (param i32 i32) (result i64)))'
        for slot, (module, name) in enumerate(imports)
    )
    answers = "\n".join(
        f"    (if (i32.eq (local.get $slot) (i32.const {slot}))\n"
        f"      (then (return (call $import{slot} (local.get $at) (local.get $size)))))"
        for slot in range(len(imports))
    )
    entered = "\n".join(
        f'  (func (export "{name}") (param i32 i32) (result i64)\n'
        f"    (call $enter (i32.const {number}) (local.get 0) (local.get 1)))"
        for number, name in enumerate(entries)
    )
    files = "\n".join(
        f'  (func (export "wasi:filesystem/types {name}") (param {"i32 " * params}i32)\n'
        f"    (i32.store8 (local.get {params}) (i32.const 1))\n"
        f"    (i32.store8 offset={at} (local.get {params}) (i32.const {_NO_ENTRY})))"
        for name, (params, at) in _FILES.items()
    )
    ask = (
        f"  (func $ask (param $slot i32) (param $at i32) (param $size i32) (result i64)\n{answers}\n    (unreachable))"
    )
    return f"(module\n{_IMPORTS}{asked}\n{_CALLS}{ask}\n{_WASI}{files}\n{entered}\n)\n"


# Each of these has a result in memory, at the address of its last parameter: a byte that says that it failed, and after
# the padding of what it would give otherwise the byte of the error.
_NO_ENTRY: Final = 20
_FILES: Final = {  # parameters before that address, offset of the error
    "[method]descriptor.open-at": (6, 4),
    "[method]descriptor.stat-at": (4, 8),
    "[method]descriptor.stat": (1, 8),
    "[method]descriptor.metadata-hash-at": (4, 8),
    "[method]descriptor.metadata-hash": (1, 8),
    "[method]descriptor.get-flags": (1, 1),
    "[method]descriptor.get-type": (1, 1),
    "[method]descriptor.readlink-at": (3, 4),
    "[method]descriptor.read-directory": (1, 4),
    "[method]descriptor.unlink-file-at": (3, 1),
    "[method]descriptor.remove-directory-at": (3, 1),
    "[method]descriptor.create-directory-at": (3, 1),
    "[method]descriptor.rename-at": (6, 1),
}

_IMPORTS = """\
  (import "component" "memory" (memory 0))
  (import "component" "run" (func $run (param i32 i32 i32) (result i32)))
  (import "component" "cabi_post_run" (func $done (param i32)))
  (import "component" "malloc" (func $malloc (param i32) (result i32)))
  (import "component" "calloc" (func $calloc (param i32 i32) (result i32)))
  (import "component" "free" (func $free (param i32)))
  (import "wardian" "take" (func $take (param i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
"""

# A result of two lists of bytes lies as: 0 the byte that says which, 4 address, 8 length. The request is given away
# to `run`, which frees it, and the reply stays until the next call. What `componentize-py` 0.25.1 writes for others,
# replies and the requests of `ask`, it never frees itself; nothing has no memory of its own.
_CALLS = """\
  (global $buffer (mut i32) (i32.const 0))
  (global $reply (mut i32) (i32.const 0))
  (global $wait (mut i64) (i64.const 0))
  (export "memory" (memory 0))
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param $size i32) (result i32)
    (call $free (global.get $buffer))
    (global.set $buffer (call $malloc (local.get $size)))
    (global.get $buffer))
  (func $must (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (call $malloc (local.get $size)))
    (if (i32.eqz (local.get $at)) (then (unreachable)))
    (local.get $at))
  (func $enter (param $entry i32) (param $at i32) (param $size i32) (result i64)
    (local $copy i32)
    (if (global.get $reply) (then
      (local.set $copy (i32.load offset=4 (global.get $reply)))
      (if (i32.eqz (i32.load offset=8 (global.get $reply))) (then (local.set $copy (i32.const 0))))
      (call $done (global.get $reply))
      (call $free (local.get $copy))))
    (local.set $copy (call $must (local.get $size)))
    (memory.copy (local.get $copy) (local.get $at) (local.get $size))
    (global.set $reply (call $run (local.get $entry) (local.get $copy) (local.get $size)))
    (i64.or
      (i64.shl (i64.extend_i32_u (i32.load offset=4 (global.get $reply))) (i64.const 32))
      (i64.extend_i32_u (i32.or
        (i32.load offset=8 (global.get $reply))
        (i32.shl (i32.load8_u (global.get $reply)) (i32.const 31))))))
  (func (export "ask") (param $slot i32) (param $at i32) (param $size i32) (param $answer i32)
    (local $said i64) (local $length i32) (local $copy i32)
    (local.set $said (call $ask (local.get $slot) (local.get $at) (local.get $size)))
    (if (local.get $size) (then (call $free (local.get $at))))
    (local.set $length (i32.wrap_i64 (local.get $said)))
    (if (i32.lt_s (local.get $length) (i32.const 0))
      (then (local.set $length (i32.sub (i32.const 0) (local.get $length)))))
    (local.set $copy (call $must (local.get $length)))
    (if (local.get $length) (then (call $take (local.get $copy))))
    (i32.store8 (local.get $answer) (i64.lt_s (local.get $said) (i64.const 0)))
    (i32.store offset=4 (local.get $answer) (local.get $copy))
    (i32.store offset=8 (local.get $answer) (local.get $length)))
"""

_WASI = """\
  (func $time (param $clock i32) (result i64)
    (local $at i32) (local $now i64)
    (local.set $at (call $must (i32.const 8)))
    (drop (call $clock (local.get $clock) (i64.const 0) (local.get $at)))
    (local.set $now (i64.load (local.get $at)))
    (call $free (local.get $at))
    (local.get $now))
  (func (export "wasi:clocks/wall-clock now") (param $answer i32)
    (local $now i64)
    (local.set $now (call $time (i32.const 0)))
    (i64.store (local.get $answer) (i64.div_u (local.get $now) (i64.const 1000000000)))
    (i32.store offset=8 (local.get $answer)
      (i32.wrap_i64 (i64.rem_u (local.get $now) (i64.const 1000000000)))))
  (func (export "wasi:clocks/wall-clock resolution") (param $answer i32)
    (i64.store (local.get $answer) (i64.const 0))
    (i32.store offset=8 (local.get $answer) (i32.const 1000000)))
  (func (export "wasi:clocks/monotonic-clock now") (result i64) (call $time (i32.const 1)))
  (func (export "wasi:clocks/monotonic-clock resolution") (result i64) (i64.const 1000000))
  (func (export "wasi:clocks/monotonic-clock subscribe-duration") (param i64) (result i32)
    (global.set $wait (local.get 0))
    (i32.const 1))
  (func (export "wasi:clocks/monotonic-clock subscribe-instant") (param i64) (result i32)
    (local $now i64)
    (local.set $now (call $time (i32.const 1)))
    (global.set $wait (select (i64.sub (local.get 0) (local.get $now)) (i64.const 0)
      (i64.gt_u (local.get 0) (local.get $now))))
    (i32.const 1))
  (func (export "wasi:io/poll [method]pollable.block") (param i32)
    (local $at i32)
    (local.set $at (call $calloc (i32.const 96) (i32.const 1)))
    (if (i32.eqz (local.get $at)) (then (unreachable)))
    (i32.store offset=16 (local.get $at) (i32.const 1))
    (i64.store offset=24 (local.get $at) (global.get $wait))
    (drop (call $poll
      (local.get $at) (i32.add (local.get $at) (i32.const 48)) (i32.const 1)
      (i32.add (local.get $at) (i32.const 88))))
    (call $free (local.get $at)))
  (func (export "wasi:io/poll [resource-drop]pollable") (param i32))
  (func (export "wasi:filesystem/types [resource-drop]descriptor") (param i32))
  (func (export "wasi:filesystem/preopens get-directories") (param $answer i32)
    (i64.store align=4 (local.get $answer) (i64.const 0)))
  (func (export "wasi:random/random get-random-bytes") (param $size i64) (param $answer i32)
    (local $at i32)
    (local.set $at (call $must (i32.wrap_i64 (local.get $size))))
    (drop (call $random (local.get $at) (i32.wrap_i64 (local.get $size))))
    (i32.store (local.get $answer) (local.get $at))
    (i32.store offset=4 (local.get $answer) (i32.wrap_i64 (local.get $size))))
  (func (export "wasi:io/streams [method]output-stream.check-write") (param i32) (param $answer i32)
    (i32.store8 (local.get $answer) (i32.const 0))
    (i64.store offset=8 (local.get $answer) (i64.const 65536)))
  (func (export "wasi:io/streams [method]output-stream.write")
    (param i32) (param $at i32) (param $size i32) (param $answer i32)
    (local $vector i32)
    (local.set $vector (call $must (i32.const 12)))
    (i32.store (local.get $vector) (local.get $at))
    (i32.store offset=4 (local.get $vector) (local.get $size))
    (drop (call $fd_write (i32.const 2) (local.get $vector) (i32.const 1)
      (i32.add (local.get $vector) (i32.const 8))))
    (call $free (local.get $vector))
    (i32.store8 (local.get $answer) (i32.const 0)))
  (func (export "wasi:io/streams [method]output-stream.blocking-flush") (param i32) (param $answer i32)
    (i32.store8 (local.get $answer) (i32.const 0)))
"""
