"""What a check found: each promise with its verdict, for each symbol of a plugin."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wardian.conformance.promise import Promise, Verdict
    from wardian.conformance.smallest import Smallest


@dataclass(frozen=True, slots=True)
class Result:
    """One promise, what became of it, and the seconds that it took to see."""

    promise: Promise
    verdict: Verdict
    seconds: float


@dataclass(frozen=True, slots=True)
class Chapter:
    """What was found of the module as a whole, or of one symbol.

    Attributes:
        kind: the symbol's kind; empty for the module, and for entry points of no kind.
        name: the symbol's name; empty for the module, and where nothing is described.
        results: in the order in which they were looked at.
        limits: the smallest limits, or None where they were not looked for.
        limits_note: why not.
    """

    kind: str
    name: str
    results: tuple[Result, ...]
    limits: Smallest | None = None
    limits_note: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """All that a check found.

    Attributes:
        where: the plugin's path.
        digest: sha256 of its wasm, in hex.
        capabilities: what it imports capabilities for, and so needs.
        chapters: the module's own, then one for each symbol.
        seconds: how long it took.
    """

    where: str
    digest: str
    capabilities: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    seconds: float

    @property
    def failed(self) -> tuple[str, ...]:
        """The promises that are broken, each once."""
        return self._of("failed")

    @property
    def undecided(self) -> tuple[str, ...]:
        """The promises that could not be looked at, each once."""
        return self._of("undecided")

    @property
    def conforms(self) -> bool:
        """Whether all promises hold that apply."""
        return not (self.failed or self.undecided)

    def counts(self) -> dict[str, int]:
        """How many verdicts there are of each outcome."""
        made = dict.fromkeys(("passed", "failed", "undecided", "not_applicable"), 0)
        for chapter in self.chapters:
            for result in chapter.results:
                made[result.verdict.outcome] += 1
        return made

    def to_json(self) -> dict[str, Any]:
        """The same as plain data; its keys stay the same between releases."""
        return {
            "plugin": self.where,
            "digest": self.digest,
            "conforms": self.conforms,
            "capabilities": list(self.capabilities),
            "counts": self.counts(),
            "symbols": [_chapter(chapter) for chapter in self.chapters],
            "seconds": round(self.seconds, 3),
        }

    def _of(self, outcome: str) -> tuple[str, ...]:
        found = (each for chapter in self.chapters for each in chapter.results if each.verdict.outcome == outcome)
        return tuple(dict.fromkeys(each.promise.id for each in found))


def _chapter(chapter: Chapter) -> dict[str, Any]:
    return {
        "kind": chapter.kind,
        "name": chapter.name,
        "promises": [
            {"id": each.promise.id, "text": each.promise.text, **dataclasses.asdict(each.verdict),
             "hint": each.promise.hint if each.verdict.outcome == "failed" else "", "seconds": round(each.seconds, 3)}
            for each in chapter.results
        ],
        "limits": chapter.limits.written() if chapter.limits else None,
        "limits_note": chapter.limits_note,
    }  # fmt: skip
