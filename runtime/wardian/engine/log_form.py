"""`Entry`: what is said in a log, and how it is written: for people or as JSON, in one line each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from wardian import plain_json
from wardian.sandbox.faults import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

_LINE: Final = 4096  # characters of a message
_WORD: Final = 200  # characters of a field's value, where people read it


@dataclass(frozen=True, slots=True)
class Entry:
    """One line.

    Attributes:
        at: when it was said, in seconds since 1970.
        level: one of `trace`, `debug`, `info`, `warn` and `error`.
        message: what is said.
        pipeline: of which pipeline, or an empty text.
        member: of which of its sources, steps and sinks, or an empty text.
        plugin: the plugin that said it; an empty text for the engine.
        fields: what else was said, as plain data; their names say nothing about those above.
    """

    at: float
    level: str
    message: str
    pipeline: str = ""
    member: str = ""
    plugin: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)


def as_text(entry: Entry) -> str:
    """Such as `2026-01-31T12:00:00.000Z info  words/count counter: counted lines=3`."""
    where = f"{entry.pipeline}/{entry.member}".strip("/")
    who = f" {printable(' '.join(filter(None, (where, entry.plugin))), _LINE)}:" if where or entry.plugin else ""
    fields = "".join(f" {_word(key)}={_word(value)}" for key, value in entry.fields.items())
    return f"{_time(entry)} {entry.level:<5}{who} {printable(entry.message, _LINE)}{fields}"


def as_json(entry: Entry) -> str:
    """One object; what is empty is left out, and the plugin's own fields are in `fields`."""
    told = {"time": _time(entry), "level": entry.level, "message": printable(entry.message, _LINE)}
    told |= {
        name: value
        for name in ("pipeline", "member", "plugin", "fields")
        if (value := getattr(entry, name))
    }  # fmt: skip
    return plain_json.write(told)


def _time(entry: Entry) -> str:
    return f"{datetime.fromtimestamp(entry.at, UTC):%Y-%m-%dT%H:%M:%S}.{int(entry.at % 1 * 1000):03}Z"


def _word(value: object) -> str:
    """A key or value without quotes where it needs none to be one word, printable and bounded."""
    plain = isinstance(value, str) and value and value.isprintable() and not set(value) & set(' "=')
    text = value if plain and isinstance(value, str) else plain_json.write(value)
    return text if len(text) <= _WORD else f"{text[: _WORD - 1]}…"
