"""What of JSON Schema a package may use: all of 2020-12 whose check can be bounded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
LEFT_OUT: Final = frozenset({"unevaluatedProperties", "unevaluatedItems", "$dynamicRef", "$dynamicAnchor"})

_NODES: Final = 20_000
_DEPTH: Final = 64
# Keys below these are names that the author chose.
_NAMED: Final = frozenset({"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"})
_VALUES: Final = frozenset({"enum", "const", "default", "examples"})


def flaw_of(schema: Mapping[str, Any]) -> str:
    """Why the schema cannot be used, or an empty text; every keyword is looked at, and nothing recurses."""
    if schema.get("$schema", DIALECT) not in (DIALECT, DIALECT + "#"):
        return "another dialect than 2020-12"
    count = 0
    waiting: list[tuple[object, int, bool, bool]] = [(schema, 0, False, True)]
    while waiting:
        node, depth, named, root = waiting.pop()
        count += 1
        if count > _NODES or depth > _DEPTH:
            return f"more than {_NODES:,} values, or {_DEPTH} levels of them"
        if isinstance(node, (list, tuple)):
            waiting.extend((held, depth + 1, False, False) for held in node)
        elif isinstance(node, Mapping):
            for key, held in node.items():
                if not isinstance(key, str):
                    return "a key that is no text"
                flaw = "" if named else _keyword(key, held, root=root)
                if flaw:
                    return flaw
                if named or key not in _VALUES:
                    waiting.append((held, depth + 1, not named and key in _NAMED, False))
    return ""


def _keyword(key: str, held: object, *, root: bool) -> str:
    if key in LEFT_OUT:
        return f"`{key}`, whose check has no bound"
    if key == "$ref" and not (isinstance(held, str) and (held == "#" or held.startswith("#/"))):
        return "a `$ref` that leads out of the schema, or is no path such as `#/$defs/name`"
    if key == "$id" and not root:
        return "an `$id` within the schema"
    return ""
