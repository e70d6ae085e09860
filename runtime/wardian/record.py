"""`Record`: the value that flows from sources through processors to sinks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Final

TYPES: Final = ("log", "metric", "span", "bytes", "event")


Value = dict[str, object]  # a record as the ABI has it: the map of its fields


class NotARecord(ValueError):  # noqa: N818 - what is wrong with it
    """What was given as a record is none; the text says which field, and what is right."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record, as the ABI has it; plain data throughout.

    Nothing is copied: whoever makes one from a list or a map of their own leaves that alone from then on.

    Attributes:
        data: what it says, for machines; any value of the codec.
        message: what it says, for people, or None.
        type: one of `TYPES`, or None.
        time: when it happened, in nanoseconds since 1970 or as an aware datetime, or None.
        key: text or bytes, or None; records of one key stay in order.
        tags: what to find it by.
        meta: what is known about it and is not part of it.
        path: the output that it is meant for, or None.

    Raises:
        NotARecord: a field is of another type.
    """

    data: object
    message: str | None = None
    type: str | None = None
    time: int | datetime | None = None
    key: str | bytes | None = None
    tags: Mapping[str, object] = field(default_factory=dict)
    meta: Mapping[str, object] = field(default_factory=dict)
    path: str | None = None

    def __post_init__(self) -> None:
        """Refuse what the ABI does not have."""
        if self.type is not None and self.type not in TYPES:
            raise NotARecord(f"`type`: expected one of {', '.join(TYPES)}, got {_shown(self.type)}")
        for name, kinds, expected in _OPTIONAL:
            given = getattr(self, name)
            if given is not None and (not isinstance(given, kinds) or isinstance(given, bool)):
                raise NotARecord(f"`{name}`: expected {expected}, got {_shown(given)}")
        for name, given in (("tags", self.tags), ("meta", self.meta)):
            if not isinstance(given, Mapping):
                raise NotARecord(f"`{name}`: expected a map, got {_shown(given)}")
            for key in given:
                if not isinstance(key, str):
                    raise NotARecord(f"`{name}`: expected texts as keys, got {_shown(key)}")

    @staticmethod
    def from_value(value: object) -> Record:
        """The record in a decoded item, or in what JSON holds.

        Raises:
            NotARecord: a field is missing, unknown, null where it may not be, or of another type.
        """
        if not isinstance(value, dict):
            raise NotARecord(f"expected a record as a map, got {_shown(value)}")
        if "data" not in value:
            raise NotARecord("`data`: a record must have it")
        if not value.keys() <= _NAMES:
            raise NotARecord(f"a record has no field {_shown(min(value.keys() - _NAMES, key=repr))}")
        for name in value:
            if value[name] is None and name != "data":
                raise NotARecord(f"`{name}`: leave it out where there is none")
        return Record(**value)

    def to_value(self) -> Value:
        """The map to encode; what is None or empty is left out."""
        value: Value = {"data": self.data}
        for name in _OTHERS:
            given = getattr(self, name)
            if given is not None and given != {}:
                value[name] = given
        return value


def records_from(value: object) -> list[Record]:
    """The records in a decoded list.

    Raises:
        NotARecord: it is no list, or one of them is no record; the text begins with its index, such as `[2]`.
    """
    if not isinstance(value, list):
        raise NotARecord(f"expected a list of records, got {_shown(value)}")
    made = []
    for index, each in enumerate(value):
        try:
            made.append(Record.from_value(each))
        except NotARecord as error:
            raise NotARecord(f"[{index}]: {error}") from None
    return made


def values_from(value: object) -> list[Value]:
    """The same as `records_from`, for who hands the records on: checked, and left as the maps that they are.

    Raises:
        NotARecord: as `records_from`.
    """
    if not isinstance(value, list):
        raise NotARecord(f"expected a list of records, got {_shown(value)}")
    for index, each in enumerate(value):
        if type(each) is not dict or "data" not in each or (len(each) > 1 and not _is_plain(each)):
            try:
                Record.from_value(each)
            except NotARecord as error:
                raise NotARecord(f"[{index}]: {error}") from None
    return value


def values_of(records: Iterable[Record]) -> list[Value]:
    """The maps to encode for these records."""
    return [each.to_value() for each in records]


def _is_plain(value: Value) -> bool:
    """Whether it is surely a record: what is quickly seen of most, at a quarter of the time of making a `Record`."""
    for name, given in value.items():
        kind = type(given)
        if name in ("tags", "meta"):
            if kind is not dict or not all(type(key) is str for key in given):  # type: ignore[attr-defined]
                return False
        elif name == "type":
            if given not in TYPES:
                return False
        elif name in ("message", "path", "key"):
            if kind is not str:
                return False
        elif name == "time":
            if kind is not int:
                return False
        elif name != "data":
            return False
    return True


_OPTIONAL: Final[tuple[tuple[str, type | tuple[type, ...], str], ...]] = (
    ("message", str, "text"),
    ("time", (int, datetime), "nanoseconds or a point in time"),
    ("key", (str, bytes), "text or bytes"),
    ("path", str, "text"),
)
_NAMES: Final = frozenset(each.name for each in fields(Record))
_OTHERS: Final = tuple(each.name for each in fields(Record) if each.name != "data")


def _shown(value: object) -> str:
    """A value in a message: short, and without characters that a terminal or a log would obey."""
    if isinstance(value, (str, bytes)):
        return ascii(value[:64])
    return ascii(value) if isinstance(value, (bool, int, float)) else type(value).__name__
