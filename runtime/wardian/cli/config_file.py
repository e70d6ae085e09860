"""A plugin's configuration from a file: YAML 1.2 without surprises, or JSON, with the line of each fault.

Only `true`, `false`, `null`, integers and floats are typed; `on`, `yes`, `017`, `12:30:45` and dates are text. Anchors,
aliases, tags and keys that stand twice are refused. Nothing here recurses, and no object but plain data is made.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import yaml

from wardian.cli import json_text
from wardian.cli.usage import Usage
from wardian.errors import ConfigError
from wardian.quantity import format_size

if TYPE_CHECKING:
    from pathlib import Path

MOST: Final = 2**20  # bytes
DEPTH: Final = 64  # as a request's; beyond it nothing could be given to a plugin
_PROBLEMS: Final = 50

_NULL: Final = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLS: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT: Final = re.compile(r"[-+]?(0|[1-9][0-9]*)|0o[0-7]+|0x[0-9A-Fa-f]+")
_FLOAT: Final = re.compile(r"[-+]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
_SPECIAL: Final = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_LEAST, _MOST = -(2**63), 2**64 - 1  # integers that can be given to a plugin


def read(path: Path) -> dict[str, Any]:
    """The configuration in a file: JSON where its name ends in `.json`, else YAML; an empty file is an empty one.

    Raises:
        ConfigError: it cannot be read, or something in it is wrong; `problems` has a line for each fault.
    """
    try:
        with path.expanduser().open("rb") as stream:
            content = stream.read(MOST + 1)
    except FileNotFoundError:
        raise ConfigError("there is no such file", where=str(path), hint="check the path of `--config`") from None
    except OSError as error:
        raise ConfigError(f"the configuration cannot be read: {error.strerror}", where=str(path)) from None
    if len(content) > MOST:
        raise ConfigError(f"a configuration has at most {format_size(MOST)}, this file has more", where=str(path))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError("a configuration is written in UTF-8", problems=[f"line {line}"], where=str(path)) from None
    return parse_json(text, str(path)) if path.suffix == ".json" else parse_yaml(text, str(path))


def parse_json(text: str, where: str) -> dict[str, Any]:
    """The configuration that a JSON text holds. Raises as `read` does."""
    if not text.strip():
        return {}
    try:
        return _as_map(json_text.parse(text), where)
    except Usage as error:
        raise ConfigError(error.message, where=where) from None


def parse_yaml(text: str, where: str) -> dict[str, Any]:
    """The configuration that a YAML text holds. Raises as `read` does."""
    builder = _Builder()
    try:
        # The parser in Python gives events one by one, so that too deep a file is left at its first bracket too many.
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            builder.take(event)
    except _TooMany:
        pass
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        builder.problems.append(f"{place}{error.problem or error.context}")
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        builder.problems.append(f"line {line}: the character {error.character!r} is not allowed")
    if builder.problems:
        raise ConfigError("this configuration is wrong", problems=builder.problems, where=where)
    return _as_map(builder.made, where)


class _TooMany(Exception):  # noqa: N818 - ends the reading, and is never seen outside
    """What follows is not worth reading."""


@dataclass(slots=True)
class _Level:
    """A map or a list that is not complete; in a map also the keys' lines, and the key that awaits its value."""

    made: dict[str, Any] | list[Any]
    lines: dict[str, int] = field(default_factory=dict)
    key: str | None = None


class _Builder:
    """Makes plain data of a parser's events, and notes what is wrong with the line."""

    def __init__(self) -> None:
        self.made: object = None
        self.problems: list[str] = []
        self._levels: list[_Level] = []
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        """The next event."""
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.NodeEvent):
            self._check_node(event, line)
        if isinstance(event, yaml.CollectionStartEvent):
            self._start({} if isinstance(event, yaml.MappingStartEvent) else [], line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._levels.pop()
        elif isinstance(event, yaml.ScalarEvent):
            plain = event.style is None and event.tag is None
            self._put(self._typed(event.value, line) if plain else event.value, line)
        elif isinstance(event, yaml.AliasEvent):
            self._put(None, line)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._problem(line, "a second document begins; a configuration is one")
                raise _TooMany

    def _check_node(self, event: yaml.NodeEvent, line: int) -> None:
        if event.anchor is not None:
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            self._problem(line, f"`{sign}{event.anchor}`: anchors and aliases are not allowed; write the value out")
        tag = getattr(event, "tag", None)
        if tag not in (None, "!", "tag:yaml.org,2002:str"):
            self._problem(line, f"`{tag}`: tags are not allowed; quote what is to be text")

    def _start(self, made: dict[str, Any] | list[Any], line: int) -> None:
        if len(self._levels) == DEPTH:
            self._problem(line, f"this is nested deeper than {DEPTH} levels")
            raise _TooMany
        self._put(made, line)
        self._levels.append(_Level(made))

    def _put(self, value: object, line: int) -> None:
        """A value at the place that is next: the whole, an item, a key, or what a key holds."""
        if not self._levels:
            self.made = value
            return
        level = self._levels[-1]
        if isinstance(level.made, list):
            level.made.append(value)
        elif level.key is None:
            level.key = self._key(level, value, line)
        else:
            level.made[level.key] = value
            level.key = None

    def _key(self, level: _Level, value: object, line: int) -> str:
        if not isinstance(value, str):
            shown = "a map or a list" if isinstance(value, (dict, list)) else f"`{json_text.write(value)}`"
            self._problem(line, f"a key is text, this is {shown}; quote it")
            return f"{line}:{len(level.lines)}"
        if value in level.lines:
            self._problem(line, f"the key `{value}` stands already at line {level.lines[value]}")
        level.lines.setdefault(value, line)
        return value

    def _typed(self, text: str, line: int) -> object:
        """What an unquoted scalar means."""
        if text in _NULL:
            return None
        if text in _BOOLS:
            return _BOOLS[text]
        if _INT.fullmatch(text):
            # The longest that may be given to a plugin has 20 digits; with thousands, `int` itself would refuse.
            number = int(text, 0) if len(text) <= 70 else _MOST + 1
            if not _LEAST <= number <= _MOST:
                self._problem(line, f"`{text[:40]}` has more than 64 bits; quote it if it is text")
            return number
        if _FLOAT.fullmatch(text):
            return float(text)
        if _SPECIAL.fullmatch(text):
            return float(text.replace(".", "").lower())
        return text

    def _problem(self, line: int, text: str) -> None:
        self.problems.append(f"line {line}: {text}")
        if len(self.problems) >= _PROBLEMS:
            raise _TooMany


def _as_map(value: object, where: str) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ConfigError(
            "a configuration is a map of names to values", where=where, hint="write `name: value`, one to a line"
        )
    return value
