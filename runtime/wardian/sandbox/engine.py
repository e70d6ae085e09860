"""The engine: which WebAssembly is accepted and how it is bounded, here and in the process that compiles."""

from __future__ import annotations

import hashlib
import os
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import wasmtime
from wasmtime import Config

from wardian.sandbox import native

# Floor for the fixes of the sandbox escapes of 2026 and of interrupted bulk operations; ceiling for the C declarations.
OLDEST: Final = (50, 0, 1)

# What guests of today's toolchains need beyond the first WebAssembly: bulk memory, reference types, several results,
# SIMD. The rest is off: each is code of the engine that a hostile module could reach.
_ON: Final = ("wasm_bulk_memory", "wasm_multi_value", "wasm_reference_types", "wasm_simd")
_OFF: Final = (
    "wasm_component_model",
    "wasm_custom_page_sizes",
    "wasm_exceptions",
    "wasm_function_references",
    "wasm_gc",
    "wasm_memory64",
    "wasm_multi_memory",
    "wasm_relaxed_simd",
    "wasm_stack_switching",
    "wasm_tail_call",
    "wasm_threads",
    "wasm_wide_arithmetic",
)

# What decides the form in which a module is compiled: a change of one of these files makes other artefacts.
FORMERS: Final = ("binary", "compile_child", "engine", "growth", "instructions")


@dataclass(frozen=True, slots=True)
class Settings:
    """How a module is compiled; modules of different settings do not mix.

    Attributes:
        metered: whether fuel is counted; a guest is then up to 2.4 times slower.
    """

    metered: bool = False

    def fingerprint(self) -> str:
        """Text that changes with all that decides what compiling gives: engine, settings and this machine's CPU."""
        return f"{_version()} {_form()} {','.join(_ON)} -{','.join(_OFF)} fuel={self.metered} {_cpu()}"


def make_config(settings: Settings, stack: int) -> Config:
    """The configuration of an engine whose guests have so many bytes of stack, at most 2 MiB.

    Raises:
        RuntimeError: when the installed wasmtime is older than the fixes we rely on.
    """
    if tuple(int(part) for part in _version().split(".")[:3]) < OLDEST:
        needed = ".".join(map(str, OLDEST))
        raise RuntimeError(f"wasmtime {_version()} is too old: {needed} or later is needed to sandbox safely")
    config = Config()
    for name in _ON:
        setattr(config, name, True)
    for name in _OFF:
        setattr(config, name, False)
    config.epoch_interruption = True
    config.consume_fuel = settings.metered
    config.max_wasm_stack = stack
    config.cranelift_nan_canonicalization = True  # the same module gives the same bits on every machine
    config.parallel_compilation = False  # its thread pool deadlocks in a forked child
    config.shared_memory = False
    # The base of a memory stays where it is, so that it can be cached: 4 GiB of address space are reserved for each.
    config.memory_may_move = False
    config.memory_reservation = 1 << 32
    config.memory_guard_size = 0  # bounds are checked in code, since signals are left alone:
    # faults as signals clash with `faulthandler` and other handlers of the program; explicit checks cost about 4 %.
    native.lib.wasmtime_config_signals_based_traps_set(native.pointer(config), 0)
    return config


class Engine:
    """One engine of the C API with its epoch.

    Threads: all methods may be called from any thread.
    """

    def __init__(self, settings: Settings, stack: int) -> None:
        self.settings = settings
        self.stack = stack
        self.raw = wasmtime.Engine(make_config(settings, stack))
        self.pointer = native.pointer(self.raw)

    def bump(self) -> None:
        """Let each running guest of this engine look, at its next loop or call, whether it has to end."""
        native.lib.wasmtime_engine_increment_epoch(self.pointer)


class Engines:
    """The engines of a runtime, made when first needed: one for each stack size, metered or not."""

    def __init__(self) -> None:
        self._made: dict[tuple[Settings, int], Engine] = {}
        self._lock = threading.Lock()

    def get(self, settings: Settings, stack: int) -> Engine:
        """The engine for these settings; always the same one."""
        key = (settings, stack)
        engine = self._made.get(key)
        if engine is None:
            with self._lock:
                engine = self._made.setdefault(key, self._made.get(key) or Engine(settings, stack))
        return engine


@cache
def _version() -> str:
    from importlib import metadata  # noqa: PLC0415 - brings email and zipfile along: 15 ms of every start

    return metadata.version("wasmtime")


@cache
def _form() -> str:
    # What our own code makes of a module before and while it is compiled.
    parts = (Path(__file__).with_name(f"{name}.py").read_bytes() for name in FORMERS)
    return hashlib.sha256(b"".join(parts)).hexdigest()[:16]


@cache
def _cpu() -> str:
    # Artefacts hold instructions for the features that the compiling machine has.
    known = Path("/proc/cpuinfo")
    lines = known.read_text("utf-8", "replace").splitlines() if known.exists() else []
    features = next((line for line in lines if line.startswith(("flags", "Features"))), "")
    return f"{os.uname().machine} {' '.join(sorted(features.partition(':')[2].split()))}"
