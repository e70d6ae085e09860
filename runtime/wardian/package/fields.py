"""The fields of a map that somebody else wrote, each looked at once, with all that is wrong noted by its path."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_MOST: Final = 30  # problems; a hostile description may have any number
_SHOWN: Final = 60  # characters of what was found


@dataclass(slots=True)
class Fields:
    """A map while it is read.

    Attributes:
        held: the map; empty where there was none.
        place: the path of the map, or an empty text for the whole.
        problems: where all that is wrong is noted, for the reader of the whole.
    """

    held: dict[Any, Any]
    place: str
    problems: list[str]
    seen: set[str] = field(default_factory=set)

    @staticmethod
    def of(value: object, place: str, problems: list[str]) -> Fields:
        """The fields of a value that should be a map with texts as keys."""
        if not isinstance(value, dict):
            Fields({}, place, problems).problem("", f"expected a map, got {shown(value)}")
            return Fields({}, place, [])  # that its fields are not there goes without saying
        made = Fields(value, place, problems)
        for key in made.held:
            if not isinstance(key, str):
                made.problem("", f"expected texts as keys, got {shown(key)}")
        return made

    def path(self, name: str) -> str:
        """The path of one field."""
        return ".".join(filter(None, (self.place, name)))

    def problem(self, name: str, said: str) -> None:
        """Note what is wrong with a field, or with the whole map."""
        if len(self.problems) < _MOST:
            self.problems.append(f"{self.path(name) or 'the description'}: {said}")

    def wrong(self, name: str, expected: str, found: object) -> None:
        """Note a field that is not what it has to be."""
        self.problem(name, f"expected {expected}, got {shown(found)}")

    @overload
    def text(self, name: str) -> str | None: ...
    @overload
    def text(self, name: str, default: str) -> str: ...
    def text(self, name: str, default: str | None = None) -> str | None:
        """A text; one without a default must be there."""
        found = self._take(name)
        if found is _NOTHING and default is not None:
            return default
        if isinstance(found, str):
            return found
        self.wrong(name, "text", found)
        return None

    def one_of(self, name: str, known: Sequence[str], default: str | None = None) -> str | None:
        """One of some texts; one without a default must be there."""
        found = self._take(name)
        if found is _NOTHING and default is not None:
            return default
        if isinstance(found, str) and found in known:
            return found
        self.wrong(name, f"one of {', '.join(known)}", found)
        return None

    def flag(self, name: str) -> bool:
        """True or false; false where it is not there."""
        found = self._take(name)
        if found is not _NOTHING and not isinstance(found, bool):
            self.wrong(name, "true or false", found)
        return found is True

    def list(self, name: str) -> list[Any]:
        """A list with something in it, which must be there."""
        found = self._take(name)
        if isinstance(found, list) and found:
            return found
        self.wrong(name, "a list of at least one", found)
        return []

    def map(self, name: str) -> dict[str, Any]:
        """A map with texts as keys; empty where it is not there."""
        found = self._take(name)
        if found is _NOTHING:
            return {}
        if isinstance(found, dict) and all(isinstance(key, str) for key in found):
            return found
        self.wrong(name, "a map with texts as keys", found)
        return {}

    def map_of(self, name: str, expected: str, fits: Callable[[object], bool]) -> dict[str, Any]:
        """A map whose values fit; empty where it is not there."""
        found = self.map(name)
        for key, value in found.items():
            if not fits(value):
                self.wrong(f"{name}.{bare(key)}", expected, value)
        return found

    def rest(self) -> dict[str, Any]:
        """What nobody asked for."""
        return {key: value for key, value in self.held.items() if key not in self.seen and isinstance(key, str)}

    def no_more(self) -> None:
        """Note what nobody asked for as wrong."""
        for key in self.rest():
            self.problem(bare(key), "there is no such field")

    def _take(self, name: str) -> object:
        self.seen.add(name)
        return self.held.get(name, _NOTHING)


class _Nothing:
    """What stands for a field that is not there."""

    def __repr__(self) -> str:
        return "nothing"


_NOTHING: Final = _Nothing()


def shown(value: object) -> str:
    """A value in a message: short, and without characters that a terminal or a log would obey."""
    if isinstance(value, str):
        return ascii(value[:_SHOWN])
    if value is None:
        return "null"
    if value is _NOTHING:
        return "nothing"
    if isinstance(value, int) and value.bit_length() > 64:
        return "a number of more than 64 bits"
    if isinstance(value, (bool, int, float)):
        return ascii(value)
    return {"dict": "a map", "list": "a list", "bytes": "bytes"}.get(type(value).__name__, type(value).__name__)


def bare(key: str) -> str:
    """A key as a part of a path, likewise."""
    return shown(key)[1:-1]
