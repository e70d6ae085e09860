"""What a measure is: two sides, in one unit, and how they are compared."""

from __future__ import annotations

import operator
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench import Bench

# How a score is made of our median and the other side's, and how it is written.
SCORES: Final = {
    "times faster": (lambda ours, other: other / ours, "{:.2f}x"),
    "times slower": (operator.truediv, "{:.2f}x"),
    "more": (operator.sub, "{:+.2f} {unit}"),
    "amount": (lambda ours, _other: ours, "{:.3g} {unit}"),
}


@dataclass(frozen=True)
class Figures:
    """What was measured, one figure a repetition, in the measure's unit; `other` is empty where there is no peer."""

    ours: tuple[float, ...]
    other: tuple[float, ...] = ()


@dataclass(frozen=True)
class Measure:
    """Something that is measured against a peer or a floor in the same run.

    Attributes:
        name: its name in `budgets.toml`.
        what: what is done, for a reader.
        other: what it is compared with; empty for nothing.
        unit: of both sides' figures.
        score: the key in `SCORES` of how they are compared.
        run: does it.
    """

    name: str
    what: str
    other: str
    unit: str
    score: str
    run: Callable[[Bench], Figures]


@dataclass(frozen=True)
class Result:
    """A measure's figures and what they come to.

    Attributes:
        measure: what was measured.
        figures: every repetition.
        budget: `("at_least" or "at_most", number)`.
    """

    measure: Measure
    figures: Figures
    budget: tuple[str, float]

    @property
    def ours(self) -> float:
        """Our median."""
        return statistics.median(self.figures.ours)

    @property
    def other(self) -> float | None:
        """The other side's median, where there is one."""
        return statistics.median(self.figures.other) if self.figures.other else None

    @property
    def score(self) -> float:
        """Both sides compared."""
        return SCORES[self.measure.score][0](self.ours, self.other)

    @property
    def holds(self) -> bool:
        """Whether the score is within the budget."""
        bound, number = self.budget
        return self.score >= number if bound == "at_least" else self.score <= number
