"""`Manifest`: what a package says of itself, as its author wrote it in `plugin.yaml`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from wardian.errors import PackageError
from wardian.package.fields import Fields, shown
from wardian.package.version import Version

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: Final = ("source", "action", "processor", "function", "aggregator", "sink", "lookup", "extension")
TRANSPORTS: Final = ("reactor", "command")
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]*/[a-z0-9][a-z0-9_-]*")
_LONGEST: Final = 200  # bytes of a symbol's name, characters of a package's


@dataclass(frozen=True, slots=True)
class Symbol:
    """One thing that a package offers.

    Attributes:
        kind: one of `KINDS`.
        name: unique in its package, printable and without a colon: a catalog names it `plugin:symbol`.
        aggregate: for a function: whether its arguments are lists of what a group holds.
        schema: JSON schema of its configuration, or None.
        defaults: the configuration that all others are laid over.
        sections: named configurations to choose from, each laid over the defaults.
        extra: what else the author wrote, as it is.
    """

    kind: str
    name: str
    aggregate: bool = False
    schema: Mapping[str, Any] | None = None
    defaults: Mapping[str, Any] = field(default_factory=dict)
    sections: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    def to_value(self) -> dict[str, Any]:
        """The map that it was made from; what is empty or as by default is left out."""
        config = {"defaults": self.defaults, "sections": self.sections}
        config = {name: held for name, held in config.items() if held}
        if self.schema is not None:
            config["schema"] = self.schema
        value: dict[str, Any] = {"kind": self.kind, "name": self.name}
        if self.aggregate:
            value["aggregate"] = True
        return value | ({"config": config} if config else {}) | dict(self.extra)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a package says of itself. Nothing in it grants anything.

    Attributes:
        name: `organization/name`.
        version: its own.
        symbols: what it offers, at least one.
        description: for people, or an empty text.
        transport: `reactor` or `command`; how its host speaks to it.
        capabilities: what it would like to be granted, each with the reason.
        limits: what it would like to be allowed, as it is written.
        build: what it was built from, or an empty map.
        extra: what else the author wrote, as it is.
    """

    name: str
    version: Version
    symbols: tuple[Symbol, ...]
    description: str = ""
    transport: str = "reactor"
    capabilities: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, str | int] = field(default_factory=dict)
    build: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    @staticmethod
    def from_value(value: object) -> Manifest:
        """The description in a decoded item, or in what a YAML file holds.

        Raises:
            PackageError: `bad_package`, with every problem: its path, what is expected, what is there.
        """
        problems: list[str] = []
        made = _manifest(Fields.of(value, "", problems))
        if problems:
            raise PackageError(
                "the package's description is wrong", code="bad_package", problems=problems,
                hint="the plugin's author has to mend its `plugin.yaml`",
            )  # fmt: skip
        return made

    def of_kind(self, kind: str) -> tuple[Symbol, ...]:
        """The symbols of one kind, in their order."""
        return tuple(symbol for symbol in self.symbols if symbol.kind == kind)

    def to_value(self) -> dict[str, Any]:
        """The map that it was made from; what is empty or as by default is left out."""
        value: dict[str, Any] = {
            "name": self.name,
            "version": str(self.version),
            "symbols": [each.to_value() for each in self.symbols],
        }
        if self.transport != TRANSPORTS[0]:
            value["transport"] = self.transport
        for name in ("description", "capabilities", "limits", "build"):
            if held := getattr(self, name):
                value[name] = held
        return value | dict(self.extra)


def _manifest(given: Fields) -> Manifest:
    name = given.text("name")
    if name is not None and not (len(name) <= _LONGEST and _NAME.fullmatch(name)):
        given.wrong("name", "`organization/name` of lower-case letters, digits, `_` and `-`", name)
    build = given.map("build")
    if "build" in given.held:
        _check_build(Fields.of(build, "build", given.problems))
    return Manifest(
        name=name or "",
        version=_version(given),
        symbols=_symbols(given),
        description=given.text("description", "") or "",
        transport=given.one_of("transport", TRANSPORTS, "reactor") or "",
        capabilities=given.map_of("capabilities", "text", lambda held: isinstance(held, str)),
        limits=given.map_of("limits", "a size, duration or count", _is_limit),
        build=build,
        extra=given.rest(),
    )


def _version(given: Fields) -> Version:
    text = given.text("version")
    try:
        return Version.parse("0.0.0" if text is None else text)  # that there is none, or no text, is noted already
    except ValueError as error:
        given.problem("version", str(error))
        return Version(0, 0, 0)


def _symbols(given: Fields) -> tuple[Symbol, ...]:
    made: list[Symbol] = []
    places: dict[str, int] = {}
    for at, each in enumerate(given.list("symbols")):
        symbol = _symbol(Fields.of(each, f"symbols[{at}]", given.problems))
        made.append(symbol)
        if symbol.name in places:
            other = places[symbol.name]
            given.problem(
                f"symbols[{at}].name",
                f"the {symbol.kind} {shown(symbol.name)} has the name of the {made[other].kind} at `symbols[{other}]`",
            )
        elif symbol.name:
            places[symbol.name] = at
    return tuple(made)


def _symbol(given: Fields) -> Symbol:
    kind, name = given.one_of("kind", KINDS), given.text("name")
    if name is not None and not (_encoded(name) <= _LONGEST and name.isprintable() and name and ":" not in name):
        given.wrong("name", f"a printable text of 1 to {_LONGEST} bytes without a colon", name)
    aggregate = given.flag("aggregate")
    if aggregate and kind != "function":
        given.problem("aggregate", f"only a function is an aggregate, this is a {kind or 'symbol of no kind'}")
    config = Fields.of(given.map("config"), given.path("config"), given.problems)
    schema = config.map("schema") if "schema" in config.held else None
    defaults = config.map("defaults")
    sections = config.map_of("sections", "a map with texts as keys", _is_config)
    config.no_more()
    return Symbol(kind or "", name or "", aggregate, schema, defaults, sections, given.rest())


def _check_build(given: Fields) -> None:
    given.text("language")
    sources = given.held.get("sources", [])
    if not isinstance(sources, list) or not all(isinstance(each, str) for each in sources):
        given.wrong("sources", "a list of texts", sources)


def _encoded(name: str) -> int:
    return len(name.encode("utf-8", "surrogatepass"))


def _is_limit(held: object) -> bool:
    return isinstance(held, str) or (isinstance(held, int) and not isinstance(held, bool) and held >= 0)


def _is_config(held: object) -> bool:
    return isinstance(held, dict) and all(isinstance(key, str) for key in held)
