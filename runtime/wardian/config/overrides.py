"""Single values from outside of the file: `WARDIAN__SOURCES__TICKER__CONFIG__INTERVAL=2s` and `--set a.b=2s`.

A value is JSON where it parses as JSON, else text. What is set below the `config` of a use is a layer of its own over
those of the file; everything else takes the place of what the file says.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wardian.config.names import canonical
from wardian.config.project import PROJECT
from wardian.config.use import KINDS
from wardian.document import json_text
from wardian.document.builder import Builder
from wardian.document.node import Node, merged
from wardian.document.problem import Problem, Problems, listed, nearest
from wardian.document.reading import DEPTH

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wardian.document.shapes import Shape

PREFIX: Final = "WARDIAN__"
ENVIRONMENT: Final = "environment"
OPTION: Final = "--set"

_SEGMENT: Final = re.compile(r"[A-Z0-9]+(?:_[A-Z0-9]+)*")
_STEP: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[^."=]+')


@dataclass(frozen=True)
class Override:
    """One value, where it goes, and whether the environment or an option says it."""

    keys: tuple[str, ...]
    node: Node
    origin: str


def from_environment(environ: Mapping[str, str], document: Node, problems: Problems) -> list[Override]:
    """The overrides in the environment: every variable that begins with `WARDIAN__`, in the order of their names.

    Each part between `__` is a key in upper case, with `_` for every sign. Where the file has such a key, or the form
    of the file has, that one is meant; in the `config` of a use, which may have any key, it is otherwise the part in
    lower case. What could mean two keys, or none, is a problem.
    """
    made = []
    for name in sorted(environ):
        if not name.startswith(PREFIX):
            continue
        parts = name.removeprefix(PREFIX).split("__")
        if len(parts) > DEPTH or not all(map(_SEGMENT.fullmatch, parts)):
            expected = "`WARDIAN__` and keys with `__` between them, in upper case, each `_` between two letters"
            problems.add(Problem(expected, f"`{name[:80]}`", file=name[:80]))
            continue
        keys = _resolved(parts, document, name, problems)
        if keys:
            made.append(Override(keys, _value(environ[name], name), ENVIRONMENT))
    return made


def from_options(given: Sequence[str], problems: Problems) -> list[Override]:
    """The overrides of `--set a.b=value`; a key that has a `.` in it is put in double quotes."""
    made = []
    for each in given:
        keys, rest = _keys(each)
        where = f"{OPTION} {each.partition('=')[0][:80]}"
        if not keys or not rest.startswith("="):
            hint = "such as `--set sources.ticker.config.interval=2s`"
            problems.add(Problem("`key=value` or `a.b=value`", "something else", file=where, hint=hint))
            continue
        if len(keys) > DEPTH:
            problems.add(Problem(f"at most {DEPTH} keys", str(len(keys)), file=where))
            continue
        made.append(Override(keys, _value(rest[1:], where), OPTION))
    return made


def applied(document: Node, overrides: Sequence[Override], problems: Problems) -> Node:
    """The document with all of them, one after the other."""
    for each in overrides:
        document = _set(document, each, 0, problems)
    return document


def environment_name(keys: Sequence[str]) -> str | None:
    """The variable that overrides what the keys lead to, or None where a key cannot be said so."""
    parts = [canonical(key) for key in keys]
    return PREFIX + "__".join(parts) if parts and all(map(_SEGMENT.fullmatch, parts)) else None


def _resolved(parts: Sequence[str], document: Node, name: str, problems: Problems) -> tuple[str, ...] | None:
    """The keys that the parts of a variable's name mean, or None after a problem was noted."""
    shape: Shape[object] | None = PROJECT
    node, keys = document, list[str]()
    for part in parts:
        known = None if shape is None else shape.known(node)
        names = _names(node) if known is None else known
        meant = [each for each in names if canonical(each) == part]
        if not meant and known is None:
            meant = [part.lower()]
        if len(meant) != 1:
            expected = f"a key that there is below `{'.'.join(keys)}`" if keys else "a key of the file"
            hint = nearest(part.lower(), names) or f"there are {listed(names)}"
            found = f"`{part}`, which could be {listed(meant)}" if meant else f"`{part}`"
            problems.add(Problem(expected, found, file=name, hint="use `--set`" if meant else hint))
            return None
        keys.append(meant[0])
        shape = None if shape is None else shape.inner(meant[0])
        node = _below(node, meant[0])
    return tuple(keys)


def _names(node: Node) -> list[str]:
    """The keys of a map, or of all the maps of a list of layers."""
    maps = node.value if isinstance(node.value, list) else [node]
    return list({name: None for each in maps if isinstance(each.value, dict) for name in each.value})


def _below(node: Node, key: str) -> Node:
    maps = node.value if isinstance(node.value, list) else [node]
    found = [each.value[key] for each in maps if isinstance(each.value, dict) and key in each.value]
    return found[-1] if found else Node({})


def _keys(given: str) -> tuple[tuple[str, ...], str]:
    """The keys before the `=`, and the rest from there on."""
    keys, at = list[str](), 0
    while match := _STEP.match(given, at):
        try:
            keys.append(json.loads(match[0]) if match[0].startswith('"') else match[0])
        except ValueError:
            return (), given
        at = match.end()
        if given[at : at + 1] != ".":
            return tuple(keys), given[at:]
        at += 1
    return (), given


def _value(text: str, file: str) -> Node:
    """The value: JSON where it parses, else text; either has no line."""
    builder = Builder(file, DEPTH)
    json_text.build(text, builder)
    return Node(text, file) if builder.problems else Node.of(builder.made.plain(), file)


def _set(node: Node, override: Override, depth: int, problems: Problems) -> Node:
    """The node with the value where the keys from `depth` on lead."""
    keys = override.keys
    if depth == 3 and keys[0] in KINDS and keys[2] == "config":
        return _layered(node, override)
    if depth == len(keys):
        return override.node
    if node.value is not None and not isinstance(node.value, dict):
        path = ".".join(keys[:depth])
        problems.add(Problem(f"a map at `{path}`", "a value that holds no keys", file=override.node.file))
        return node
    held = dict(node.value or {})
    held[keys[depth]] = _set(held.get(keys[depth], Node(None)), override, depth + 1, problems)
    return Node(held, node.file, node.line, node.key_line)


def _layered(node: Node, override: Override) -> Node:
    """The layers of a use's configuration, with what is set in it as the last one."""
    if len(override.keys) == 3 and not isinstance(override.node.value, dict):
        return override.node
    layers = node.value if isinstance(node.value, list) else [] if node.value is None else [node]
    last = Node({}, override.origin)
    if layers and layers[-1].file == override.origin:
        *layers, last = layers
    added = override.node
    for key in reversed(override.keys[3:]):
        added = Node({key: added}, override.origin)
    return Node([*layers, merged(last, added)], node.file, node.line, node.key_line)
