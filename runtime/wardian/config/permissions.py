"""Limits and grants as a configuration writes them, and how a use of a plugin may narrow those of the plugin."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from wardian.document.measures import SIZE_PATTERN
from wardian.document.node import Node, below
from wardian.document.problem import Problems, listed, nearest, shown
from wardian.document.shapes import Duration, Flag, ListOf, Schema, Shape, Text, Unfit, seconds_of
from wardian.errors import ConfigError
from wardian.policy import Grants, Limits

if TYPE_CHECKING:
    from collections.abc import Mapping

LIMITS: Final = tuple(each.name for each in dataclasses.fields(Limits))
GRANTS: Final = tuple(each.name for each in dataclasses.fields(Grants))

_DEFAULTS: Final = Limits()
_SAID: Final = re.compile(r"\w+: (?:expected )?(?P<expected>.*?)(?:, got .*)?", re.DOTALL)


@dataclass(frozen=True)
class LimitsShape:
    """A map of limits, of which none has to be there; what it reads are those that are, checked as `Limits` checks."""

    def read(self, node: Node, path: str, problems: Problems) -> dict[str, Any]:
        """The limits by their names: durations in seconds, all else as it was written."""
        made = {}
        for name, held in _known(node, path, problems, LIMITS):
            value = held.value
            if isinstance(value, (int, float)) and not isinstance(value, bool) and _is_duration(name):
                value = seconds_of(value)
            try:
                made[name] = getattr(Limits(**{name: value}), name)
            except ConfigError as error:
                problems.note(held, below(path, name), _expected(error, name))
        return made

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        """The same as a JSON Schema."""
        if "limits" not in definitions:
            definitions["limits"] = {
                "type": ["object", "null"],
                "description": "Limits: sizes, durations and counts; those left out have their defaults.",
                "properties": {name: _limit_schema(name) for name in LIMITS},
                "additionalProperties": False,
            }
        return {"$ref": "#/$defs/limits"}

    def inner(self, key: str) -> Shape[object] | None:
        """Each limit is a value alone."""
        if key not in LIMITS:
            raise KeyError(key)
        return Text()

    def known(self, node: Node) -> tuple[str, ...] | None:  # noqa: ARG002 - as of `Shape`
        """The names of the limits."""
        return LIMITS


@dataclass(frozen=True)
class GrantsShape:
    """A map of grants, of which none has to be there."""

    def read(self, node: Node, path: str, problems: Problems) -> dict[str, Any]:
        """The grants by their names."""
        made = {}
        for name, held in _known(node, path, problems, GRANTS):
            try:
                made[name] = _GRANT[name].read(held, below(path, name), problems)
            except Unfit:
                continue
            try:
                Grants(**{name: made[name]})
            except ConfigError as error:
                problems.note(held, below(path, name), _expected(error, name))
        return made

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        """The same as a JSON Schema."""
        if "grants" not in definitions:
            definitions["grants"] = {
                "type": ["object", "null"],
                "description": "Capabilities that are allowed; those left out are not.",
                "properties": {name: shape.schema(definitions) for name, shape in _GRANT.items()},
                "additionalProperties": False,
            }
        return {"$ref": "#/$defs/grants"}

    def inner(self, key: str) -> Shape[object] | None:
        """The shape of one grant."""
        return _GRANT[key]

    def known(self, node: Node) -> tuple[str, ...] | None:  # noqa: ARG002 - as of `Shape`
        """The names of the grants."""
        return GRANTS


def narrowed(
    outer: Mapping[str, Any], inner: Mapping[str, Any], node: Node, path: str, problems: Problems
) -> dict[str, Any]:
    """The limits of a use of a plugin; one that is wider than the plugin's is a problem.

    Args:
        outer: the plugin's limits, as `LimitsShape` reads them; what is not in it has its default.
        inner: those of the use.
        node: where those of the use were written.
        path: likewise.
        problems: takes what is wrong.
    """
    written = Limits(**outer).written()
    for name, value in inner.items():
        most = outer.get(name, getattr(_DEFAULTS, name))
        if most is not None and (value is None or value > most):
            held = node.at([name])
            problems.note(held, below(path, name), f"at most `{written[name]}`, as the plugin has it")
    return {**outer, **inner}


def fewer(
    outer: Mapping[str, Any], inner: Mapping[str, Any], node: Node, path: str, problems: Problems
) -> dict[str, Any]:
    """The grants of a use of a plugin: all of the plugin's, but for those that it names itself; as of `narrowed`."""
    for name, value in inner.items():
        held, at, had = node.at([name]), below(path, name), outer.get(name)
        if isinstance(value, tuple):
            beyond = [host for host in value if host not in (had or ())]
            if beyond:
                problems.note(held, at, "what the plugin is granted", listed(beyond), hint="grant it to the plugin")
        elif value and not had:
            problems.note(held, at, "what the plugin is granted", f"`{name}`", hint="grant it to the plugin")
    return {**outer, **inner}


def _known(node: Node, path: str, problems: Problems, names: tuple[str, ...]) -> list[tuple[str, Node]]:
    if not isinstance(node.value, dict):
        problems.note(node, path, "a map of names to values")
        raise Unfit
    known = []
    for name, held in node.value.items():
        if name in names:
            known.append((name, held))
        else:
            hint = nearest(name, names) or f"there are {listed(names)}"
            problems.note(held, below(path, name), "a known key", shown(name), hint=hint, at_key=True)
    return known


def _expected(error: ConfigError, name: str) -> str:
    """What would have been right, in the words of the policy."""
    match = _SAID.fullmatch(error.problems[0])
    expected = match["expected"] if match else error.problems[0]
    return expected.replace("a number of seconds", "a number of milliseconds") if _is_duration(name) else expected


def _is_duration(name: str) -> bool:
    return isinstance(getattr(_DEFAULTS, name, None), float)


def _limit_schema(name: str) -> Schema:
    default = _DEFAULTS.written()[name]
    if _is_duration(name):
        return {**Duration().schema({}), "default": default}
    if default.endswith("B"):
        return {"type": ["string", "integer"], "pattern": SIZE_PATTERN, "minimum": 0, "default": default}
    if name == "fuel":
        return {"type": ["integer", "string", "null"], "pattern": "^[0-9]+(_[0-9]+)*$", "minimum": 1}
    return {"type": ["integer", "string"], "pattern": "^[0-9]+(_[0-9]+)*$", "minimum": 0, "default": int(default)}


_GRANT: Final[Mapping[str, Shape[Any]]] = {
    name: Flag() if getattr(Grants(), name) is False else ListOf(Text("a host, or `host:port`", most=300), unique=True)
    for name in GRANTS
}
