"""Plugins with one planted fault each, from `tests/guests/broken`, where the name of the fault stands in the data."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from pathlib import Path

from support.wat import wasm_of
from wardian.abi.bounds import Bounds
from wardian.abi.codec import encode
from wardian.package import section

TESTS = Path(__file__).parents[1]
FOLDER = TESTS / "guests" / "broken"
CC = TESTS.parent / "sdk" / "c" / "wardian-cc"
NONE = b"no fault is planted here".ljust(40, b"\0")
SCHEMA = {
    "type": "object",
    "properties": {"size": {"type": "integer", "minimum": 1}},
    "additionalProperties": False,
}


def built(folder: Path, kind: str, fault: str = "") -> bytes:
    """The guest of this kind, compiled once in a session, with this fault; without one it keeps all promises."""
    output = folder / f"broken_{kind}.wasm"
    with output.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not output.exists():
            command = [sys.executable, CC, FOLDER / f"{kind}.c", "-o", output, "--no-manifest"]
            subprocess.run(command, check=True, timeout=300)
    wasm = output.read_bytes()
    assert wasm.count(NONE) == 1
    assert not fault or f'has("{fault}")' in (FOLDER / f"{kind}.c").read_text("utf-8")
    return wasm.replace(NONE, fault.encode().ljust(len(NONE), b"\0"))


def written(name: str) -> bytes:
    """The guest of `tests/guests/broken/<name>.wat`."""
    return wasm_of((FOLDER / f"{name}.wat").read_text("utf-8"))


def described(wasm: bytes, kind: str, **more: object) -> bytes:
    """The module with a description of one symbol of a kind; `more` replaces fields of the description."""
    config = {"schema": SCHEMA, "defaults": {"size": 4}} if kind == "processor" else {}
    package = {
        "name": "acme/checked",
        "version": "1.0.0",
        "symbols": [{"kind": kind, "name": "checked", **({"config": config} if config else {})}],
        **more,
    }
    return section.embed(wasm, encode(package, Bounds(size=65_536, items=1_000, depth=32)))
