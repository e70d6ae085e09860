"""Semantic versions, in the order that semver.org (2.0.0) gives them: 1.10.0 comes after 1.9.0."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import total_ordering
from typing import Final

LONGEST: Final = 200  # characters; numbers of thousands of digits would cost more to read than any version is worth
_NUMBER: Final = r"(?:0|[1-9][0-9]*)"
_WORD: Final = rf"(?:{_NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_VERSION: Final = re.compile(
    rf"({_NUMBER})\.({_NUMBER})\.({_NUMBER})(?:-({_WORD}(?:\.{_WORD})*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?",
    re.ASCII,
)


@total_ordering
@dataclass(frozen=True, slots=True)
class Version:
    """A version; two that differ in their build alone are equal, as the standard ranks them alike.

    Attributes:
        major: changes with what breaks its users.
        minor: changes with what is new.
        patch: changes with what is mended.
        prerelease: its identifiers, such as `("rc", 1)`; empty for a release, which comes after all of them.
        build: what follows a `+`, or an empty text.
    """

    major: int
    minor: int
    patch: int
    prerelease: tuple[str | int, ...] = ()
    build: str = field(default="", compare=False)

    @staticmethod
    def parse(text: str) -> Version:
        """The version that a text such as `1.2.3-rc.1+linux` names.

        Raises:
            ValueError: it is no semantic version; the text says what one is.
        """
        found = _VERSION.fullmatch(text) if isinstance(text, str) and len(text) <= LONGEST else None
        if found is None:
            given = repr(text[:50]) if isinstance(text, str) else type(text).__name__
            raise ValueError(f"expected a semantic version such as `1.2.3` or `1.2.3-rc.1`, got {given}")
        words = found[4].split(".") if found[4] else []
        prerelease = tuple(int(word) if word.isdigit() else word for word in words)
        return Version(int(found[1]), int(found[2]), int(found[3]), prerelease, found[5] or "")

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Version):
            return NotImplemented
        return _rank(self) < _rank(other)

    def __str__(self) -> str:
        prerelease = f"-{'.'.join(map(str, self.prerelease))}" if self.prerelease else ""
        return f"{self.major}.{self.minor}.{self.patch}{prerelease}{f'+{self.build}' if self.build else ''}"


def _rank(version: Version) -> tuple[object, ...]:
    # Numbers come before words, a longer list after its own beginning, and a release after everything before it.
    words = tuple((0, word, "") if isinstance(word, int) else (1, 0, word) for word in version.prerelease)
    return version.major, version.minor, version.patch, not version.prerelease, words
