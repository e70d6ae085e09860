"""Eight threads on four plugins that fail in every way: a program of its own, so that its memory is its own.

Each thread has entry points of its own, `trap_3` and the like, so that an error says whose it is. Each guest notes in a
global that a call of it failed: whoever enters it again answers -2.
"""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import wardian
from support.wat import wasm_of

THREADS = 8
CALLS = 25_000  # of each thread
TENTHS = 10

ENDS = {
    "trap": "(unreachable)",
    "spin": "(loop $again (br $again)) (unreachable)",
    "lie": "(i64.const 0xffffffff00000001)",
    "raise": "(drop (call $ask (local.get 0) (local.get 1))) (i64.const 0)",
}
WAT = f"""(module
  (import "app" "ask" (func $ask (param i32 i32) (result i64)))
  (memory (export "memory") 1)
  (data (i32.const 9) "\\21")
  (global $failed (mut i32) (i32.const 0))
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "echo") (param $at i32) (param $size i32) (result i64)
    (if (global.get $failed) (then (return (i64.const 0x900000001))))
    (i64.or (i64.shl (i64.extend_i32_u (local.get $at)) (i64.const 32)) (i64.extend_i32_u (local.get $size))))
  (func (export "refuse") (param $at i32) (param $size i32) (result i64)
    (if (global.get $failed) (then (return (i64.const 0x900000001))))
    (i64.or
      (i64.shl (i64.extend_i32_u (local.get $at)) (i64.const 32))
      (i64.extend_i32_u (i32.or (i32.const 0x80000000) (local.get $size)))))
  {
    "".join(
        f'''(func $own_{end}_{thread} (export "{end}_{thread}") (param i32 i32) (result i64)
      (if (global.get $failed) (then (return (i64.const 0x900000001))))
      (global.set $failed (i32.const 1)) {body})'''
        for end, body in ENDS.items()
        for thread in range(THREADS)
    )
})"""


def resident() -> int:
    """Bytes of memory that this process occupies."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def fail(value: object) -> None:
    raise ValueError(value)


class Caller(threading.Thread):
    """One thread's calls; what was not as it should be is in `strange`."""

    def __init__(self, number: int, plugins: dict[str, wardian.Plugin], tenths: threading.Barrier) -> None:
        super().__init__()
        self.number, self.plugins, self.tenths = number, plugins, tenths
        self.strange: list[object] = []
        self.failed = 0

    def run(self) -> None:
        try:
            for number in range(CALLS):
                if number % (CALLS // TENTHS) == 0:
                    self.tenths.wait(60)
                self.once(number)
        except Exception as error:  # noqa: BLE001 - it is shown at the end
            self.strange.append(error)
            self.tenths.abort()

    def once(self, number: int) -> None:
        token = f"{self.number}-{number}"
        if number % 20 == 1:
            self.fails("shared", f"raise_{self.number}", token, wardian.HostFunctionError)
        elif number % 20 == 6:
            self.fails("shared", f"trap_{self.number}", token, wardian.Trap)
        elif number % 20 == 11:
            self.fails("shared", f"lie_{self.number}", token, wardian.AbiViolation)
        elif number % 20 == 16:
            self.fails("metered", f"spin_{self.number}", token, wardian.FuelExhausted)
        elif number % 1_000 == 500:
            self.fails("hurried", f"spin_{self.number}", token, wardian.DeadlineExceeded)
        elif number % 5 == 3:
            said = {"kind": "invalid", "message": token}
            self.fails("other", "refuse", said, wardian.GuestError)
        else:
            name = ("shared", "other", "metered")[number % 3]
            answer = self.plugins[name].call("echo", token)
            if answer != token:
                self.strange.append((name, token, answer))

    def fails(self, name: str, entry: str, value: object, kind: type[wardian.WardianError]) -> None:
        self.failed += 1
        try:
            self.strange.append((entry, value, self.plugins[name].call(entry, value)))
        except wardian.WardianError as error:
            if type(error) is not kind or error.where != f"{name}: {entry}" or not self.is_own(error, entry, value):
                self.strange.append((entry, value, error))

    def is_own(self, error: wardian.WardianError, entry: str, value: object) -> bool:
        if isinstance(error, wardian.HostFunctionError):
            return type(error.__cause__) is ValueError and error.__cause__.args == (value,)
        if isinstance(error, wardian.GuestError):
            return error.message == value["message"]
        # A deadline may pass just before the guest is entered, or while it is asked for a buffer.
        frames = [frame for frame in error.backtrace if frame.startswith("own_")] if hasattr(error, "backtrace") else []
        late = isinstance(error, (wardian.DeadlineExceeded, wardian.AbiViolation))
        return (late and not frames) or frames[0].startswith(f"own_{entry}+")


def main(cache: str) -> None:
    """Call, and print what was strange, how many calls there were and how memory went from tenth to tenth."""
    after: list[int] = []
    tenths = threading.Barrier(THREADS, action=lambda: after.append(resident()))
    limits = {
        "shared": wardian.Limits(deadline="20s"),
        "other": wardian.Limits(deadline="20s"),
        "metered": wardian.Limits(deadline="20s", fuel=5_000),
        "hurried": wardian.Limits(deadline="5ms"),
    }
    began = time.monotonic()
    with wardian.Runtime(cache=cache) as runtime:
        wasm = wasm_of(WAT)
        plugins = {
            name: runtime.load(wasm, name=name, functions={"ask": fail}, limits=each, instances=THREADS)
            for name, each in limits.items()
        }
        callers = [Caller(number, plugins, tenths) for number in range(THREADS)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        after.append(resident())
    print([each for caller in callers for each in caller.strange][:5])
    print(THREADS * CALLS, sum(caller.failed for caller in callers), round(time.monotonic() - began, 1))
    print(*after[1:])
