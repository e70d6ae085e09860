"""Modules with a description: the section `wardian:package`, put into the bytes of a module."""

from __future__ import annotations

from wardian.abi.codec import Bounds, encode
from wardian.package import section

BOUNDS = Bounds(size=2**24, items=1_000_000, depth=64)


def described(wasm: bytes, *symbols: dict[str, object] | str, **more: object) -> bytes:
    """The module with a description of these symbols; a text such as `source ticks` is a symbol of nothing else."""
    listed = [_symbol(each) for each in symbols]
    return with_package(wasm, {"name": "acme/tested", "version": "1.2.3", "symbols": listed} | more)


def with_package(wasm: bytes, value: object) -> bytes:
    """The module with a description, right or wrong."""
    return section.embed(wasm, encode(value, BOUNDS))


def _symbol(given: dict[str, object] | str) -> dict[str, object]:
    return dict(zip(("kind", "name"), given.split(), strict=True)) if isinstance(given, str) else given
