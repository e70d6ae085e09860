"""Modules with a description: the section `wardian:package`, put behind the bytes of a module."""

from __future__ import annotations

from support.bombs import number
from wardian.abi.codec import Bounds, encode

BOUNDS = Bounds(size=2**24, items=1_000_000, depth=64)


def custom(name: str, content: bytes) -> bytes:
    """A custom section."""
    body = number(len(name)) + name.encode() + content
    return b"\0" + number(len(body)) + body


def described(wasm: bytes, *symbols: dict[str, object] | str, **more: object) -> bytes:
    """The module with a description of these symbols; a text such as `source ticks` is a symbol of nothing else."""
    listed = [
        dict(zip(("kind", "name"), each.split(), strict=True)) if isinstance(each, str) else each for each in symbols
    ]
    return wasm + package({"name": "acme/tested", "version": "1.2.3", "symbols": listed} | more)


def package(value: object) -> bytes:
    """The section that holds a description, right or wrong."""
    return custom("wardian:package", encode(value, BOUNDS))
