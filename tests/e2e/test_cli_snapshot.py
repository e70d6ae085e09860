"""`wardian snapshot`: the module as its initialiser left it, its log lines, and how it refuses."""

import json

import pytest

from support.commands import refuses, wardian
from support.wat import wasm_of

ENGINE = """(module
  (import "wardian" "log" (func $log (param i32 i32) (result i64)))
  (memory (export "memory") 2)
  (data (i32.const 8) "\\82\\02\\66loaded")
  (data (i32.const 40) "\\a2\\64kind\\67invalid\\67message\\62no")
  (global $size (mut i32) (i32.const 0))
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "load") (param i32 i32) (result i64)
    (if (i32.eqz (local.get 1)) (then (return (i64.const 0x2880000019))))
    (drop (call $log (i32.const 8) (i32.const 9)))
    (global.set $size (local.get 1))
    (memory.copy (i32.const 4096) (local.get 0) (local.get 1))
    (i64.const 0))
  (func (export "wait") (loop (br 0)))
  (func (export "given") (param i32 i32) (result i64)
    (i64.or (i64.shl (i64.const 4096) (i64.const 32)) (i64.extend_i32_u (global.get $size)))))"""


@pytest.fixture
def engine(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "engine.wasm").write_bytes(wasm_of(ENGINE))
    (tmp_path / "text").write_bytes(b"\x63abc")
    (tmp_path / "empty").write_bytes(b"")
    return tmp_path


def test_a_plugin_begins_where_its_initialiser_ended(engine):
    done = wardian("snapshot", "engine.wasm", "made.wasm", "--entry", "load", "--argument", "text")
    assert (done.returncode, done.stdout) == (0, b"")
    assert b"info   engine  loaded" in done.stderr
    assert json.loads(wardian("call", "made.wasm", "given", "null").stdout) == "abc"
    refuses(wardian("call", "made.wasm", "load", "null"), 3, "load")


def test_quietly_it_says_nothing(engine):
    done = wardian("snapshot", "-q", "engine.wasm", "made.wasm", "--entry", "load", "--argument", "text")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--entry", "load", "--argument", "empty"], 1, "[invalid] no"),
        (["--entry", "nobody"], 3, "exports no `nobody`"),
        ([], 3, "nothing to run"),
        (["--entry", "wait", "--limit", "start_deadline=200ms"], 6, "deadline"),
        (["--limit", "nothing=1"], 2, "there is no limit `nothing`"),
        (["--entry", "load", "--argument", "missing"], 74, "missing"),
    ],
)
def test_what_goes_wrong_is_said_with_its_code_and_no_file_is_left(engine, arguments, code, said):
    refuses(wardian("snapshot", "engine.wasm", "made.wasm", *arguments), code, said)
    assert {each.name for each in engine.iterdir()} == {"engine.wasm", "text", "empty"}
