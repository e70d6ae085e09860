"""Violations of a JSON Schema, found by the library under bounds; the one place that knows the libraries for it.

Each keyword draws on a budget of steps, depth and time; patterns are matched by RE2, in linear time; references lead
within the schema. A schema comes from a package that nobody has to trust, and what it asks for beyond that is
`TooMuch`. Import this when it is needed: it takes 0.15 s, and is an extra.
"""

from __future__ import annotations

import contextvars
import json
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import jsonschema
import re2  # type: ignore[import-untyped]
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend
from jsonschema_specifications import REGISTRY as SPECIFICATIONS  # type: ignore[import-untyped]
from referencing import Registry
from referencing.exceptions import Unresolvable

from wardian.config import schema_rules

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

STEPS: Final = 100_000  # keywords applied to a configuration, and as many to the schema itself; some 2 s each
SECONDS: Final = 5.0  # for both together
NESTING: Final = 150  # keywords within each other: 64 levels of data, and what a schema adds to them
_PATTERN: Final = 1_000  # characters of a pattern
_MATCHED: Final = 16 * 2**10  # characters of a text that is matched with one
_PATTERN_MEMORY: Final = 256 * 2**10  # bytes, which bounds the size of the compiled pattern too


_ENDLESS: Final = "references that never end, or too deep a nesting"

Keyword = Callable[[Any, Any, Any, Any], Iterator[ValidationError] | None]


class TooMuch(Exception):  # noqa: N818 - what a schema asks for
    """The check of a schema takes more than it may; the text says of what."""


def violations(schema: Mapping[str, Any], value: object, until: float) -> Iterator[ValidationError]:
    """Each violation of the schema by plain data, as it is found.

    Args:
        schema: one without a flaw that `schema_rules` knows.
        value: what is checked.
        until: the end of it, by the monotonic clock.

    Raises:
        TooMuch: the check asks for more than it may, for a reference to nothing, or for a pattern that is none.
    """
    return _bounded(_Checked(schema, registry=Registry()), value, until)


def flaws(schema: Mapping[str, Any], until: float) -> Iterator[ValidationError]:
    """Each violation of the rules for schemas by the schema itself; otherwise as `violations`."""
    return _bounded(_Meta(_Meta.META_SCHEMA, registry=SPECIFICATIONS), dict(schema), until)


def _bounded(validator: Validator, value: Any, until: float) -> Iterator[ValidationError]:  # noqa: ANN401
    token = _budget.set(_Budget(until))
    try:
        yield from validator.iter_errors(value)
    except RecursionError:
        raise TooMuch(_ENDLESS) from None
    except Unresolvable:
        raise TooMuch("a reference to nothing") from None
    except re2.error:
        raise TooMuch("a pattern that RE2 does not know") from None
    finally:
        _budget.reset(token)


class _Budget:
    def __init__(self, until: float) -> None:
        self.steps, self.depth, self.until = STEPS, 0, until

    def spend(self) -> None:
        self.steps -= 1
        if self.steps < 0:
            raise TooMuch(f"more than {STEPS:,} steps")
        if self.depth > NESTING:
            raise TooMuch(_ENDLESS)
        if time.monotonic() > self.until:
            raise TooMuch(f"more than {SECONDS:g} s")


_budget: contextvars.ContextVar[_Budget] = contextvars.ContextVar("budget")


def _counted(keyword: Keyword) -> Keyword:
    def counted(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:  # noqa: ANN401
        budget = _budget.get()
        budget.spend()
        budget.depth += 1
        try:
            yield from keyword(validator, value, instance, schema) or ()
        finally:
            budget.depth -= 1

    return counted


def _matches(pattern: str, text: str) -> bool:
    """Whether RE2 finds the pattern in the text."""
    _budget.get().spend()
    if len(pattern) > _PATTERN:
        raise TooMuch(f"a pattern of more than {_PATTERN:,} characters")
    if len(text) > _MATCHED:
        raise TooMuch(f"a pattern for a text of more than {_MATCHED:,} characters")
    options = re2.Options()
    options.log_errors, options.max_mem = False, _PATTERN_MEMORY
    return re2.compile(pattern, options).search("".join(text)) is not None


def _pattern(_validator: Any, pattern: str, instance: Any, _schema: Any) -> Iterator[ValidationError]:  # noqa: ANN401
    if isinstance(instance, str) and not _matches(pattern, instance):
        yield ValidationError("pattern")


def _pattern_properties(validator: Any, patterns: Any, instance: Any, _schema: Any) -> Iterator[ValidationError]:  # noqa: ANN401
    if isinstance(instance, dict):
        for pattern, schema in patterns.items():
            for key, held in instance.items():
                if _matches(pattern, key):
                    yield from validator.descend(held, schema, path=key, schema_path=pattern)


def _additional(validator: Any, allowed: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:  # noqa: ANN401
    if not isinstance(instance, dict):
        return
    known, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    for key, held in instance.items():
        if key in known or any(_matches(pattern, key) for pattern in patterns):
            continue
        if allowed is False:
            yield ValidationError(
                "unknown", path=[key], validator="additionalProperties", validator_value=sorted(known)
            )
        else:
            yield from validator.descend(held, allowed, path=key)


def _property_names(validator: Any, schema: Any, instance: Any, _schema: Any) -> Iterator[ValidationError]:  # noqa: ANN401
    if isinstance(instance, dict):
        for key in instance:
            if not validator.evolve(schema=schema).is_valid(key):
                yield ValidationError("name", path=[key], validator="propertyNames")


def _required(_validator: Any, names: Any, instance: Any, _schema: Any) -> Iterator[ValidationError]:  # noqa: ANN401
    if isinstance(instance, dict):
        for name in names:
            if name not in instance:
                yield ValidationError("required", validator="required", validator_value=name)


def _any_of(validator: Any, schemas: Any, instance: Any, _schema: Any) -> Iterator[ValidationError]:  # noqa: ANN401
    # Without the errors of each alternative, which the library would collect: there may be any number of them.
    if not any(validator.evolve(schema=each).is_valid(instance) for each in schemas):
        yield ValidationError("anyOf")


def _one_of(validator: Any, schemas: Any, instance: Any, _schema: Any) -> Iterator[ValidationError]:  # noqa: ANN401
    fitting = (each for each in schemas if validator.evolve(schema=each).is_valid(instance))
    if len(list(islice(fitting, 2))) != 1:
        yield ValidationError("oneOf")


def _unique(_validator: Any, wanted: Any, instance: Any, _schema: Any) -> Iterator[ValidationError]:  # noqa: ANN401
    # By what each item is as a text: the library compares each with each where items cannot be sorted.
    if wanted is True and isinstance(instance, list):
        texts = {json.dumps(_comparable(each), sort_keys=True, default=repr) for each in instance}
        if len(texts) != len(instance):
            yield ValidationError("uniqueItems")


def _comparable(value: Any) -> Any:  # noqa: ANN401
    """The value with whole floats as integers: JSON Schema has `1.0` and `1` for the same."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_comparable(each) for each in value]
    return {key: _comparable(held) for key, held in value.items()} if isinstance(value, dict) else value


_OWN: Final[Mapping[str, Keyword]] = {
    "pattern": _pattern, "patternProperties": _pattern_properties, "additionalProperties": _additional,
    "propertyNames": _property_names,
    "required": _required, "anyOf": _any_of, "oneOf": _one_of, "uniqueItems": _unique,
}  # fmt: skip


def _class(left_out: frozenset[str]) -> type[Validator]:
    keywords = {**Draft202012Validator.VALIDATORS, **_OWN}
    counted = {name: _counted(keyword) for name, keyword in keywords.items() if name not in left_out}
    base = jsonschema.validators.create(
        meta_schema=Draft202012Validator.META_SCHEMA, validators={}, type_checker=Draft202012Validator.TYPE_CHECKER
    )
    made: type[Validator] = extend(base, validators=counted)  # type: ignore[no-untyped-call]
    return made


_Checked: Final = _class(schema_rules.LEFT_OUT)
_Meta: Final = _class(frozenset())
