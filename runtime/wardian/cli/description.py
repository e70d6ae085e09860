"""From an author's `plugin.yaml` to the description inside a module: read, checked, and checked against the module."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import yaml

from wardian.abi.bounds import Bounds, CodecError
from wardian.abi.codec import encode
from wardian.abi.contract import ENTRY_POINTS, kinds_served
from wardian.errors import ConfigError, PackageError
from wardian.package import section
from wardian.package.manifest import Manifest
from wardian.plugins.inspection import callable_names

if TYPE_CHECKING:
    from pathlib import Path

_MOST: Final = 64 * 2**10  # bytes
_BOUNDS: Final = Bounds(size=_MOST, items=10_000, depth=32)
_STEP: Final = re.compile(r"[^.\[\]]+")


def embed(manifest: Path, wasm: bytes) -> bytes:
    """The module with the description that the file holds; equal files give equal bytes.

    Raises:
        ConfigError: the file cannot be read, or is wrong, or is not of this module; `problems` has every fault, each
            with its line.
        PackageError: the outline of the module is broken.
    """
    value, root = _read(manifest)
    problems = [*_check(value), *_check_exports(value, wasm)]
    try:
        content = encode(value, _BOUNDS)
    except CodecError as error:
        problems.append(f"the description: {error}")
    if problems:
        raise ConfigError(
            "this description of a plugin is wrong",
            problems=[f"line {_line(root, each.partition(': ')[0])}: {each}" for each in problems],
            where=str(manifest),
            hint="section 7 of sdk/abi/ABI.md says what a description holds",
        )
    return section.embed(wasm, content)


def _read(manifest: Path) -> tuple[Any, yaml.Node | None]:
    try:
        content = manifest.read_bytes()
    except OSError as error:
        raise ConfigError(f"the description cannot be read: {error.strerror}", where=str(manifest)) from None
    if len(content) > _MOST:
        raise ConfigError(f"a description has at most {_MOST} bytes, this has more", where=str(manifest))
    try:
        text = content.decode("utf-8-sig")
        return yaml.load(text, Loader=yaml.SafeLoader), yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f"line {mark.line + 1}: " if mark else ""
        raise ConfigError("this is no YAML", problems=[f"{line}{error.problem}"], where=str(manifest)) from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(f"this is no YAML: {error}", where=str(manifest)) from None


def _check(value: object) -> list[str]:
    """What is wrong with the description as such; each begins with its path."""
    try:
        Manifest.from_value(value)
    except PackageError as error:
        return list(error.problems)
    return []


def _check_exports(value: object, wasm: bytes) -> list[str]:
    """The symbols whose work the module has no entry point for."""
    served = kinds_served(frozenset(callable_names(wasm)))
    symbols = value.get("symbols") if isinstance(value, dict) else None
    return [
        f"symbols[{at}].kind: a module of this kind exports {_either(ENTRY_POINTS[symbol['kind']])}, this one does not"
        for at, symbol in enumerate(symbols if isinstance(symbols, list) else [])
        if isinstance(symbol, dict) and symbol.get("kind") in ENTRY_POINTS and symbol["kind"] not in served
    ]


def _either(names: tuple[str, ...]) -> str:
    # Only a source may choose: all other kinds are about their first entry point.
    return " or ".join(f"`{name}`" for name in (names if names[0] == "source_poll" else names[:1]))


def _line(node: yaml.Node | None, path: str) -> int:
    """The line of what a path such as `symbols[0].kind` leads to, or of the last part of it that is there."""
    line = node.start_mark.line + 1 if node else 1
    for step in _STEP.findall(path):
        if isinstance(node, yaml.MappingNode):
            key, node = next(((key, held) for key, held in node.value if key.value == step), (None, None))
            line = key.start_mark.line + 1 if key else line
        elif isinstance(node, yaml.SequenceNode) and step.isdigit() and int(step) < len(node.value):
            node = node.value[int(step)]
            line = node.start_mark.line + 1
    return line
