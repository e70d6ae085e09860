"""A large module from the compile cache."""

from __future__ import annotations

import contextlib
import os
import random
from typing import TYPE_CHECKING

import extism
import wasmtime
from measure import Figures, Measure
from timing import Side
from workbench import BOUNDS, HERE, Bench

from measures.calls import EXTISM, microseconds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FUNCTIONS = 7500  # some 160 bytes each: 1.2 MB
_OPERATIONS = ("add", "sub", "mul", "xor", "and", "or", "shl", "shr_u", "rotl")


def cached_load(bench: Bench) -> Figures:
    count = int(FUNCTIONS * bench.effort.scale)
    ours, theirs = (_large(bench.folder, name, count) for name in ("wardian", "extism"))
    with _extism_cache(bench.folder):
        names = {
            "load": bench.runtime.load, "path": ours, "functions": {"answer": len},
            "Plugin": extism.Plugin, "manifest": {"wasm": [{"path": str(theirs)}], **BOUNDS},
            "host": [bench.compiled.functions[0]], "request": b"x" * 64,
        }  # fmt: skip
        sides = (
            Side("with load(path, functions=functions) as plugin: plugin.call_bytes('echo', request)", names),
            Side("with Plugin(manifest, functions=host) as plugin: plugin.call('echo', request)", names),
        )
        return Figures(*(tuple(each / 1000 for each in side) for side in microseconds(bench, *sides)))


def _large(folder: Path, name: str, count: int) -> Path:
    """One of the guests with many more functions in it, the same ones each time."""
    chance = random.Random(1)
    text = (HERE / "guests" / f"{name}.wat").read_text("utf-8").rstrip()
    wasm = bytes(wasmtime.wat2wasm(f"{text[:-1]}{''.join(_function(chance) for _ in range(count))})"))
    path = folder / f"large_{name}.wasm"
    path.write_bytes(wasm)
    return path


def _function(chance: random.Random) -> str:
    value = "(local.get 0)"
    for _ in range(chance.randrange(20, 60)):
        other = chance.choice(("(local.get 1)", f"(i32.const {chance.randrange(2**20)})"))
        value = f"(i32.{chance.choice(_OPERATIONS)} {value} {other})"
    return f"(func (param i32 i32) (result i32) {value})"


@contextlib.contextmanager
def _extism_cache(folder: Path) -> Iterator[None]:
    """Extism finds the settings of its cache by a variable of the environment, when it compiles."""
    settings = folder / "extism_cache.toml"
    settings.write_text(f'[cache]\ndirectory = "{folder / "extism_cache"}"\n', "utf-8")
    os.environ["EXTISM_CACHE_CONFIG"] = str(settings)
    try:
        yield
    finally:
        del os.environ["EXTISM_CACHE_CONFIG"]


MEASURES = (
    Measure(
        "cached_load", "a module of 1.2 MB from the compile cache, to its first reply", f"{EXTISM}, its cache",
        "ms", "times faster", cached_load,
    ),
)  # fmt: skip
