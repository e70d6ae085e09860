"""Secrets: a configuration's values are told to the plugin alone, and a MAC gives nothing away by the time it takes."""

from __future__ import annotations

import hmac
import logging
import pickle
import subprocess
import traceback
import warnings

import pytest

import wardian
from support.wat import wasm_of
from wardian.plugins.load import Request
from wardian.sandbox import artefacts as artefacts_module
from wardian.sandbox.artefacts import Artefacts

SECRET = "correct-horse-battery-staple"

OPENS = """(module
  (memory (export "memory") 2)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (data (i32.const 0) "\\a2\\64kind\\66config\\67message\\62no")
  (func (export "plugin_open") (param i32 i32) (result i64) {open})
  (func (export "go") (param i32 i32) (result i64) {go}))"""


def opens(open_="(i64.const 0)", go="(i64.const 0)"):
    return wasm_of(OPENS.format(open=open_, go=go))


SPIN = "(loop $again (br $again)) (unreachable)"
BAD = "(i64.const 0xffffffff00000001)"
FAULTS = {
    "refused": lambda runtime, config: runtime.load(opens("(i64.const 0x80000018)"), config=config),
    "trap": lambda runtime, config: runtime.load(opens("(unreachable)"), config=config),
    "deadline": lambda runtime, config: runtime.load(
        opens(SPIN), config=config, limits=wardian.Limits(start_deadline=0.1)
    ),
    "lie": lambda runtime, config: runtime.load(opens(BAD), config=config),
    "no room": lambda runtime, config: runtime.load(opens(), config=config, limits=wardian.Limits(request=8)),
    "many items": lambda runtime, config: runtime.load(opens(), config=config, limits=wardian.Limits(items=1)),
    "deep": lambda runtime, config: runtime.load(opens(), config=config, limits=wardian.Limits(depth=1)),
    "takes none": lambda runtime, config: runtime.load(wasm_of(opens_not()), config=config),
    "not encodable": lambda runtime, config: runtime.load(opens(), config={**config, "more": [Private()]}),
    "a set": lambda runtime, config: runtime.load(opens(), config={**config, "more": {SECRET}}),
    "too large a number": lambda runtime, config: runtime.load(opens(), config={**config, "more": 2**64}),
    "a surrogate": lambda runtime, config: runtime.load(opens(), config={**config, "more": f"{SECRET}\ud800"}),
    "a key of another type": lambda runtime, config: runtime.load(opens(), config={**config, "more": {1: SECRET}}),
    "a call that traps": lambda runtime, config: runtime.load(opens(go="(unreachable)"), config=config).call("go"),
    "no such entry": lambda runtime, config: runtime.load(opens(), config=config).call("gone"),
}


def opens_not():
    return OPENS.replace("plugin_open", "other").format(open="(i64.const 0)", go="(i64.const 0)")


class Private:
    def __repr__(self):
        return f"<Private {SECRET}>"


@pytest.mark.parametrize("fault", FAULTS)
def test_case_119_no_error_and_no_log_of_the_host_holds_a_value_of_the_configuration(
    runtime, caplog, capfd, fault, healthy
):
    caplog.set_level(logging.DEBUG)
    with pytest.raises((wardian.WardianError, TypeError, ValueError)) as caught:
        FAULTS[fault](runtime, {"token": SECRET, "nested": {"key": [SECRET]}})
    error = caught.value
    told = [
        str(error),
        repr(error),
        repr(error.args),
        *traceback.format_exception(error),
        caplog.text,
        *capfd.readouterr(),
    ]
    told += [repr(getattr(error, "__dict__", {})), pickle.dumps(error).decode("latin-1")]
    assert not [text for text in told if SECRET in text]
    healthy()


def test_case_119_nothing_that_is_shown_of_a_plugin_holds_a_value_of_its_configuration(cache):
    runtime = wardian.Runtime(cache=cache)
    plugin = runtime.load(opens(), config={"token": SECRET}, name="mine")
    outcome = plugin.invoke("go")
    shown = [repr(each) for each in (plugin, runtime, outcome, plugin.metrics(), plugin.limits)]
    shown += [str(plugin), str(runtime), repr(Request("mine", config={"token": SECRET}, files={"a": SECRET.encode()}))]
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        runtime.__del__()
    runtime.close()
    shown += [str(each.message) for each in warned]
    assert len(warned) == 1
    assert not [text for text in shown if SECRET in text]


def test_case_119_no_process_is_told_of_the_configuration(tmp_path, monkeypatch, healthy):
    """Other users of a machine see the arguments and, for their own processes, the environment of a compile."""
    given = []

    class Watched(subprocess.Popen):
        def __init__(self, arguments, **more):
            given.append(f"{arguments} {more}".encode())
            super().__init__(arguments, **more)

        def communicate(self, content=None, timeout=None):
            given.append(content)
            return super().communicate(content, timeout)

    monkeypatch.setenv("TOKEN", SECRET)
    monkeypatch.setattr(subprocess, "Popen", Watched)
    with wardian.Runtime(cache=tmp_path / "cache") as runtime:
        runtime.load(opens(), config={"token": SECRET})
    assert len(given) == 2
    assert not [content for content in given if SECRET.encode() in content]
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    healthy()


def test_case_120_a_mac_is_compared_in_a_time_that_says_nothing(tmp_path, monkeypatch):
    """By `hmac.compare_digest` alone, over the whole of both, wherever they differ."""
    compared = []

    def compare(one, other):
        compared.append((len(one), len(other)))
        return hmac.compare_digest(bytes(one), bytes(other))

    class Mac(bytes):
        def __eq__(self, other):
            raise AssertionError("a MAC is compared by `==`")

        __hash__ = bytes.__hash__

    computed = Artefacts._mac
    monkeypatch.setattr(Artefacts, "_mac", lambda *arguments: Mac(computed(*arguments)))
    monkeypatch.setattr(artefacts_module, "hmac", type("hmac", (), {"new": hmac.new, "compare_digest": compare}))
    kept = Artefacts(tmp_path / "cache", tmp_path / "key" / "cache.key")
    for at in (0, 15, 31, 32):  # the first, a middle and the last byte of the MAC, and the first of the artefact
        kept.put("one", b"content")
        (path,) = kept.directory.iterdir()
        content = bytearray(path.read_bytes())
        content[at] ^= 1
        path.write_bytes(content)
        assert kept.get("one") is None
    kept.put("one", b"content")
    assert kept.get("one") == b"content"
    assert compared == [(32, 32)] * 5
