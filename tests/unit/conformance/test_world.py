"""The world of a plugin under test: all that the ABI knows is there, and nothing of it reaches outside."""

from __future__ import annotations

import pytest

from support.wat import wasm_of
from wardian.abi.contract import HOST_IMPORTS
from wardian.conformance import laboratory
from wardian.conformance.laboratory import Laboratory
from wardian.conformance.session import Session
from wardian.conformance.world import needs
from wardian.policy import Limits

# Asks the host what it is asked, and answers with the host's reply or error; it imports all others without a call.
ASKS = """(module
  {imports}
  (memory (export "memory") 2)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "ask") (param i32 i32) (result i64)
    (local $n i64)
    (local.set $n (call ${name} (local.get 0) (local.get 1)))
    (if (i64.eqz (local.get $n)) (then (return (i64.const 0))))
    (call $take (i32.const 65536))
    (if (i64.lt_s (local.get $n) (i64.const 0))
      (then (return (i64.or (i64.const 0x1000080000000) (i64.sub (i64.const 0) (local.get $n))))))
    (i64.or (i64.const 0x1000000000000) (local.get $n))))"""


@pytest.fixture
def ask(cache):
    sessions = []
    with Laboratory(cache) as lab:

        def ask(name, *requests, module="wardian"):
            lines = [f'(import "wardian" "{each}" (func ${each} (param i32 i32) (result i64)))' for each in HOST_IMPORTS
                     if each != "take"]  # fmt: skip
            lines += ['(import "wardian" "take" (func $take (param i32)))']
            lines += ['(import "app" "own" (func $own (param i32 i32) (result i64)))']
            limits = Limits()
            compiled = lab.compile(wasm_of(ASKS.format(imports="\n".join(lines), name=name)), limits)
            prepared = lab.prepare(compiled, limits)
            session = Session(lambda: laboratory.instance(prepared, limits, None), limits, lambda _: None)
            sessions.append(session)
            return [session.ask("ask", request) for request in requests]

        yield ask
        for session in sessions:
            session.close()


@pytest.mark.parametrize(
    ("name", "request_", "kind"),
    [
        ("http_request", {"method": "GET", "url": "http://localhost/"}, "denied"),
        ("action_call", ["a", {}], "not_found"),
        ("extension_call", ["a", "b", None], "not_found"),
        ("own", None, "not_found"),
        ("action_call", None, "invalid"),
        ("emit", [1], "invalid"),
        ("template_expand", 1, "invalid"),
        ("vars_get", 1, "invalid"),
        ("vars_set", ["a"], "invalid"),
        ("vars_set", [1, 2], "invalid"),
        ("emit", "records", "invalid"),
    ],
)
def test_what_reaches_outside_is_refused_and_what_is_wrong_too(ask, name, request_, kind):
    (answer,) = ask(name, request_)
    assert answer.refusal.kind == kind


def test_what_stays_inside_is_answered(ask):
    assert ask("emit", [{"data": 1}, {"data": 2}])[0].value == 2
    assert ask("template_expand", "{{ a }}")[0].value == "{{ a }}"
    assert ask("vars_get", "name", "nothing")[0].value == "Ada"
    assert ask("state_get", "a")[0].value is None
    assert len(ask("random_bytes", 8)[0].value) == 8
    assert ask("clock_now", None)[0].value[0] > 1_600_000_000_000_000_000


def test_each_instance_has_state_of_its_own(ask):
    assert [each.value for each in ask("state_add", ["a", 1], ["a", 1])] == [1, 2]
    assert [each.value for each in ask("state_add", ["a", 1])] == [1]


def test_a_request_that_is_no_item_ends_the_call(cache):
    text = """(module (import "wardian" "emit" (func $emit (param i32 i32) (result i64)))
      (memory (export "memory") 1) (data (i32.const 0) "\\ff") (func (export "wardian_abi_v1"))
      (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
      (func (export "ask") (param i32 i32) (result i64) (call $emit (i32.const 0) (i32.const 1))))"""
    limits = Limits()
    with Laboratory(cache) as lab:
        prepared = lab.prepare(lab.compile(wasm_of(text), limits), limits)
        session = Session(lambda: laboratory.instance(prepared, limits, None), limits, lambda _: None)
        assert session.ask("ask").error.code == "bad_cbor"
        session.close()


def test_capabilities_are_read_off_the_imports(cache):
    text = """(module (import "wardian" "state_get" (func (param i32 i32) (result i64)))
      (import "wardian" "log" (func (param i32 i32) (result i64)))
      (import "app" "own" (func (param i32 i32) (result i64))))"""
    with Laboratory(cache) as lab:
        assert needs(lab.compile(wasm_of(text), Limits())) == ("app.own", "state")
