"""What a module and its snapshot answer to the same calls, each on an instance of its own, by the engine alone."""

from __future__ import annotations

import wasmtime

from support.wat import wasm_of
from wardian.snapshot.snapshot import snapshot


def answers(wasm, calls, start=()):
    """What each call gives, or `trap`, and the memory afterwards; `start` names exports to run first."""
    store = wasmtime.Store()
    module = wasmtime.Module(store.engine, wasm)
    linker = wasmtime.Linker(store.engine)
    linker.define_unknown_imports_as_default_values(store, module)
    instance = linker.instantiate(store, module)
    exports = instance.exports(store)
    for name in start:
        exports[name](store)
    found = []
    for name, *arguments in calls:
        try:
            found.append(exports[name](store, *arguments))
        except wasmtime.Trap:
            found.append("trap")
    memory = exports["memory"]
    return found, bytes(memory.read(store, 0, memory.data_len(store)))


def of_text(text, **given):
    """The snapshot of a module in the text format."""
    return snapshot(wasm_of(text), **given)


def exports(wasm):
    """The names of a valid module's exports."""
    return [each.name for each in wasmtime.Module(wasmtime.Engine(), wasm).exports]
