"""A plugin's own JSON Schema against its configuration: every violation, with the line that it was written on."""

from __future__ import annotations

import json
import time
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, cast

from wardian.config import bounded_schema, schema_rules, secret_references
from wardian.config.bounded_schema import TooMuch
from wardian.document.node import Node, below
from wardian.document.problem import Problems, listed, nearest, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jsonschema import ValidationError

_PROBLEMS: Final = 100


def check(schema: Mapping[str, Any], config: Node, *, path: str, package: str, problems: Problems) -> None:
    """Note every violation of a schema by a configuration, a hundred at most.

    Texts that ask for a secret which was not put in yet are not looked at, since nobody knows what they will be.

    Args:
        schema: the package's JSON Schema, 2020-12; nobody has to trust it.
        config: all layers as one.
        path: where the configuration stands, such as `sources.ticker.config`.
        package: what the package is called in problems.
        problems: takes them, or what is wrong with the schema itself.
    """
    until = time.monotonic() + bounded_schema.SECONDS
    flaw = schema_rules.flaw_of(schema)
    try:
        flaw = flaw or _flaw(schema, until)
        if not flaw:
            for error in islice(bounded_schema.violations(schema, config.plain(), until), _PROBLEMS):
                _note(error, config, path, problems)
    except TooMuch as error:
        flaw = str(error)
    if flaw:
        hint = "its author has to mend it"
        problems.note(Node(None, package), path, "a schema that can be checked", flaw, hint=hint)


def _flaw(schema: Mapping[str, Any], until: float) -> str:
    """Why it is no JSON Schema, or an empty text."""
    error = next(bounded_schema.flaws(schema, until), None)
    if error is None:
        return ""
    at = "/".join(map(str, error.absolute_path))
    return f"{shown(error.instance)} at `#/{at[:100]}`, where {_expected(error)} should be"


def _note(error: ValidationError, config: Node, path: str, problems: Problems) -> None:
    keys = list(error.absolute_path)
    node, at = config, path
    for key in keys:
        at = below(at, key) if isinstance(key, str) else f"{at}[{key}]"
        node = node.at([key])
    if isinstance(node.value, str) and secret_references.names_in(node.value):
        return
    if error.validator == "additionalProperties" and isinstance(error.validator_value, list):
        known = error.validator_value
        hint = nearest(str(keys[-1]), known) or (f"there are {listed(known)}" if known else "")
        problems.note(node, at, "a known key", shown(str(keys[-1])), hint=hint, at_key=True)
    elif error.validator == "propertyNames":
        problems.note(node, at, "a key that the schema allows", shown(str(keys[-1])), at_key=True)
    elif error.validator == "required":
        problems.note(node, at, f"the key {shown(error.validator_value)}", "none", at_key=True)
    else:
        problems.note(node, at, _expected(error))


def _expected(error: ValidationError) -> str:
    """What would have been right, by the keyword that was broken."""
    keyword, value = str(error.validator), cast("Any", error.validator_value)
    if keyword == "type":
        kinds = value if isinstance(value, list) else [value]
        return " or ".join(_TYPES.get(str(kind), str(kind)[:40]) for kind in kinds[:8])
    if keyword in ("enum", "const"):
        values = value if keyword == "enum" else [value]
        return f"one of {', '.join(map(_written, values[:20]))}"
    words = _WORDS.get(keyword)
    return words.format(_written(value)) if words else f"what the schema says with `{keyword[:40]}`"


def _written(value: object) -> str:
    return f"`{json.dumps(value, default=repr)[:60]}`" if not isinstance(value, str) else f"`{value[:60]}`"


_TYPES: Final = {
    "string": "a text", "integer": "a whole number", "number": "a number", "boolean": "`true` or `false`",
    "object": "a map", "array": "a list", "null": "nothing",
}  # fmt: skip
_WORDS: Final = {
    "minimum": "at least {}", "maximum": "at most {}", "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}", "multipleOf": "a multiple of {}",
    "minLength": "a text of at least {} characters",
    "maxLength": "a text of at most {} characters", "pattern": "a text that matches {}",
    "minItems": "a list of at least {} items", "maxItems": "a list of at most {} items",
    "uniqueItems": "a list that has each item once", "minProperties": "a map of at least {} keys",
    "maxProperties": "a map of at most {} keys", "anyOf": "one of the forms that the schema allows",
    "oneOf": "exactly one of the forms that the schema allows", "not": "another value",
    "contains": "a list with an item as the schema says", "dependentRequired": "the keys that belong together",
}  # fmt: skip
