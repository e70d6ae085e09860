import re
import threading
from pathlib import Path

import pytest
import wasmtime

from support.programs import run
from wardian.sandbox import engine as engines
from wardian.sandbox.engine import Engines, Settings, make_config


def test_there_is_one_engine_for_each_setting():
    made = Engines()
    one = made.get(Settings(), 2**19)
    assert made.get(Settings(), 2**19) is one
    assert made.get(Settings(metered=True), 2**19) is not one
    assert made.get(Settings(), 2**20) is not one


def test_threads_that_ask_together_get_the_same_engine():
    made, together, found = Engines(), threading.Barrier(8), []

    def ask():
        together.wait()
        found.append(made.get(Settings(), 2**19))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(id, found))) == 1


def test_an_engine_that_is_too_old_is_refused(monkeypatch):
    monkeypatch.setattr(engines, "_version", lambda: "50.0.0")
    with pytest.raises(RuntimeError, match=r"50\.0\.1 or later"):
        make_config(Settings(), 2**19)


def test_artefacts_of_other_settings_have_another_fingerprint(monkeypatch):
    plain = Settings().fingerprint()
    assert plain == Settings().fingerprint() != Settings(metered=True).fingerprint()
    monkeypatch.setattr(engines, "_version", lambda: "50.9.9")
    newer = Settings().fingerprint()
    monkeypatch.setattr(engines, "_cpu", lambda: "another")
    assert len({plain, newer, Settings().fingerprint()}) == 3


def test_what_the_form_of_an_artefact_depends_on_is_in_its_fingerprint():
    """All that rewrites a module before it is compiled; another rewriting must not find the artefacts of the former."""
    folder, known, wanted = Path(engines.__file__).parent, set(), ["growth"]
    while wanted:
        known.add(name := wanted.pop())
        text = (folder / f"{name}.py").read_text("utf-8")
        named = re.findall(r"^from wardian\.sandbox import (.+)$", text, re.MULTILINE)
        found = {each.strip() for names in named for each in names.split(",")}
        found |= set(re.findall(r"^from wardian\.sandbox\.(\w+) import", text, re.MULTILINE))
        wanted += found - known
    assert known | {"compile_child", "engine"} == set(engines.FORMERS)


def test_the_same_module_gives_the_same_not_a_number_everywhere():
    engine = wasmtime.Engine(make_config(Settings(), 2**19))
    text = """(module (func (export "f") (result i32)
      (i32.reinterpret_f32 (f32.add (f32.reinterpret_i32 (i32.const 0x7fc01234)) (f32.const 1)))))"""
    store = wasmtime.Store(engine)
    store.set_epoch_deadline(1)
    instance = wasmtime.Instance(store, wasmtime.Module(engine, text), [])
    assert instance.exports(store)["f"](store) & 0xFFFFFFFF == 0x7FC00000


FAULTHANDLER = """
import faulthandler, sys
import wardian
from support.wat import wasm_of

text = open(sys.argv[2]).read().replace("(unreachable)", "(drop (i32.load (i32.const -1))) (unreachable)")
with wardian.Runtime(cache=sys.argv[1]) as runtime:
    plugin = runtime.load(wasm_of(text))
    faulthandler.enable()
    for _ in range(3):
        try:
            plugin.call("trap")
        except wardian.Trap as trap:
            print(trap.code)
"""


def test_a_guests_fault_is_no_signal_of_the_process(cache, guest):
    assert run(FAULTHANDLER, cache, guest("counts")) == "memory_out_of_bounds\n" * 3
