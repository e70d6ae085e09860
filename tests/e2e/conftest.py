"""What the tests of the command share: a folder with a guest that does a bit of everything."""

from __future__ import annotations

import pytest

from support.ups import Folder, flow

GUEST = """
(module
  (import "wardian" "log" (func $log (param i32 i32) (result i64)))
  (memory (export "memory") 2)
  (data (i32.const 8) "\\83\\02\\62hi\\a1\\61n\\18\\2a")                      ;; [2, "hi", {"n": 42}]
  (data (i32.const 40) "\\a2\\64kind\\67invalid\\67message\\63\\1b[m")        ;; an error with an escape in its message
  (data (i32.const 80) "\\84\\42\\01\\02\\f9\\7e\\00\\f9\\7c\\00\\c1\\00")  ;; [h'0102', NaN, Infinity, 1970]
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "echo") (param i32 i32) (result i64)
    (i64.or (i64.shl (i64.extend_i32_u (local.get 0)) (i64.const 32)) (i64.extend_i32_u (local.get 1))))
  (func (export "spin") (param i32 i32) (result i64) (loop (br 0)) (unreachable))
  (func (export "trap") (param i32 i32) (result i64) (unreachable))
  (func (export "fail") (param i32 i32) (result i64) (i64.const 0x288000001a))
  (func (export "odd") (param i32 i32) (result i64) (i64.const 0x500000000c))
  (func (export "says") (param i32 i32) (result i64) (drop (call $log (i32.const 8) (i32.const 10))) (i64.const 0))
  (func (export "fails_on_text") (param i32 i32) (result i64)
    (if (i32.eq (i32.shr_u (i32.load8_u (local.get 0)) (i32.const 5)) (i32.const 3)) (then (unreachable)))
    (i64.or (i64.shl (i64.extend_i32_u (local.get 0)) (i64.const 32)) (i64.extend_i32_u (local.get 1)))))
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A directory with the guest."""
    (tmp_path / "guest.wat").write_text(GUEST)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def up_folder(tmp_path, monkeypatch):
    """A folder with a configuration, in which `wardian up` is started."""
    monkeypatch.chdir(tmp_path)
    made = Folder(tmp_path)
    made.write(flow())
    yield made
    for each in made.started:
        each.kill()
