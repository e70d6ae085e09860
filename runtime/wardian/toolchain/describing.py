"""From an author's `plugin.yaml` to the description inside a module: read, checked, and checked against the module."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from wardian.abi.bounds import Bounds, CodecError
from wardian.abi.codec import encode
from wardian.document import reading
from wardian.errors import ConfigError, PackageError
from wardian.package import section
from wardian.package.manifest import KINDS, Manifest
from wardian.plugins.description import required
from wardian.plugins.inspection import callable_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from wardian.document.node import Node

_BOUNDS: Final = Bounds(size=reading.MANIFEST_MOST, items=10_000, depth=32)
_STEP: Final = re.compile(r"[^.\[\]]+")


def embed(manifest: Path, wasm: bytes, *, build: Mapping[str, Any] | None = None) -> bytes:
    """The module with the description that the file holds; equal files give equal bytes.

    `build` stands for what the file says of that, where the module was made from other sources.

    Raises:
        ConfigError: the file cannot be read, or is wrong, or is not of this module; `problems` has every fault, each
            with its line.
        PackageError: the outline of the module is broken.
    """
    root = reading.read(manifest, most=reading.MANIFEST_MOST, depth=reading.MANIFEST_DEPTH)
    value = root.plain()
    if build is not None and isinstance(value, dict):
        value = {**value, "build": dict(build)}
    problems = [*_check(value), *_check_exports(value, wasm)]
    try:
        content = encode(value, _BOUNDS)
    except CodecError as error:
        problems.append(f"the description: {error}")
    if problems:
        raise _wrong(root, problems, manifest)
    return section.embed(wasm, content)


def described(manifest: Path) -> Manifest:
    """What the file says, without a module to compare it with.

    Raises:
        ConfigError: the file cannot be read, or is wrong; `problems` has every fault, each with its line.
    """
    root = reading.read(manifest, most=reading.MANIFEST_MOST, depth=reading.MANIFEST_DEPTH)
    try:
        return Manifest.from_value(root.plain())
    except PackageError as error:
        raise _wrong(root, error.problems, manifest) from None


def _wrong(root: Node, problems: Sequence[str], manifest: Path) -> ConfigError:
    return ConfigError(
        "this description of a plugin is wrong",
        problems=[f"line {_line(root, each.partition(': ')[0])}: {each}" for each in problems],
        where=str(manifest),
        hint="section 7 of sdk/abi/ABI.md says what a description holds",
    )


def _check(value: object) -> list[str]:
    """What is wrong with the description as such; each begins with its path."""
    try:
        Manifest.from_value(value)
    except PackageError as error:
        return list(error.problems)
    return []


def _check_exports(value: object, wasm: bytes) -> list[str]:
    """The symbols whose work the module has no entry point for."""
    exported = set(callable_names(wasm))
    symbols = value.get("symbols") if isinstance(value, dict) else None
    return [
        f"symbols[{at}].kind: a module of this kind exports {either}, this one does not"
        for at, symbol in enumerate(symbols if isinstance(symbols, list) else [])
        if isinstance(symbol, dict) and symbol.get("kind") in KINDS and exported.isdisjoint(required(symbol["kind"]))
        for either in [" or ".join(f"`{name}`" for name in required(symbol["kind"]))]
    ]


def _line(node: Node, path: str) -> int:
    """The line of what a path such as `symbols[0].kind` leads to, or of the last part of it that is there."""
    found = node.at([int(step) if step.isdigit() else step for step in _STEP.findall(path)])
    return found.key_line or found.line
