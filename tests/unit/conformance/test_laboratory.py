"""Instances for checks: whole ones, unopened ones, and all of them ended from outside."""

from __future__ import annotations

import threading
import time

import pytest

from support.wat import wasm_of
from wardian.conformance import laboratory
from wardian.conformance.laboratory import Laboratory
from wardian.conformance.session import Session
from wardian.errors import Cancelled, PackageError
from wardian.policy import Limits

TRAPS_WHEN_OPENED = """(module (memory (export "memory") 1) (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "plugin_open") (param i32 i32) (result i64) (unreachable))
  (func (export "answer") (param i32 i32) (result i64) (i64.const 0)))"""


@pytest.fixture
def lab(cache):
    with Laboratory(cache) as lab:
        yield lab


def test_an_unopened_instance_is_called_by_name_alone(lab):
    limits = Limits()
    prepared = lab.prepare(lab.compile(wasm_of(TRAPS_WHEN_OPENED), limits), limits)
    session = Session(lambda: laboratory.instance(prepared, limits, None), limits, lambda _: None)
    assert session.ask("answer").error is None
    assert session.ask("plugin_open").crashed
    assert session.ask("answer").error is session.failure
    session.close()
    opened = Session(lambda: laboratory.instance(prepared, limits, {}), limits, lambda _: None)
    assert opened.failure.code == "unreachable"


def test_text_is_parsed_and_what_is_none_is_refused(lab):
    assert lab.parse(b"(module)", Limits()).startswith(b"\0asm")
    with pytest.raises(PackageError):
        lab.compile(b"no module", Limits())


def test_what_runs_is_ended_when_it_is_stopped(lab, guest):
    limits = Limits(deadline="60s")
    wasm = wasm_of(guest("spins").read_text())
    prepared = lab.prepare(lab.compile(wasm, limits), limits)
    session = Session(lambda: laboratory.instance(prepared, limits, None), limits, lambda _: None)
    timer = threading.Timer(0.1, lab.stop)
    timer.start()
    began = time.monotonic()
    answer = session.ask("spin")
    timer.join()
    assert isinstance(answer.error, Cancelled)
    assert time.monotonic() - began < 30
    assert lab.stopped
    session.close()
