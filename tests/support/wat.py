"""Guests in the text format, as wasm: parsed here, which takes a millisecond, not in a child process for each load."""

from __future__ import annotations

from functools import cache

import wasmtime


@cache
def wasm_of(text: str) -> bytes:
    """The wasm of a module in the text format."""
    return bytes(wasmtime.wat2wasm(text))
