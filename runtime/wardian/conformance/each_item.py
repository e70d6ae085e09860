"""What kinds promise that answer a batch with one outcome for each of its items: processors, functions, sinks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any, Final

from wardian.conformance import shapes, wrong
from wardian.conformance.promise import Verdict, failed, not_applicable, passed
from wardian.conformance.samples import samples
from wardian.conformance.shown import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from wardian.conformance.session import Answer
    from wardian.conformance.subject import Subject

_BATCHES: Final = (0, 1, 2, 1_000)
_DISTINCT: Final = 8
_NOTHING_TAKEN: Final = "it takes none of the inputs; give good ones with `--input`"


@dataclass(frozen=True, slots=True)
class Batches:
    """How a kind is given batches.

    Attributes:
        entry: its entry point.
        key: where the items stand in a request.
        odd: makes an item of any value.
    """

    entry: str
    key: str
    odd: Callable[[Any], Any]

    def ask(self, subject: Subject, items: Sequence[Any]) -> Answer:
        """What a new instance answers to a batch."""
        return subject.once(self.entry, {self.key: list(items)})

    def outcomes(self, answer: Answer, count: int) -> list[Any]:
        """The outcomes in an answer; null says of each that all is well. Empty where the call failed."""
        if answer.error is not None:
            return []
        return [None] * count if answer.value is None else list(answer.value) if isinstance(answer.value, list) else []

    def taken(self, subject: Subject) -> list[tuple[Any, Any]]:
        """The good inputs that it takes when they come alone, each with its outcome."""
        found = []
        for item in samples(subject.symbol.kind, subject.samples):
            alone = self.outcomes(self.ask(subject, [item]), 1)
            if len(alone) == 1 and not shapes.is_error(alone[0]):
                found.append((item, alone[0]))
        return found

    def counts(self, subject: Subject) -> Verdict:
        """The promise that there are as many outcomes as items."""
        items = samples(subject.symbol.kind, subject.samples)
        singles = [self.ask(subject, [item]) for item in items]
        if all(single.refusal for single in singles):
            return not_applicable(f"it refuses whole calls: {singles[0].told()}")
        given = [
            single.request[self.key][0]
            for single in singles
            if single.error is None and isinstance(single.request, dict)
        ]
        for count in _BATCHES:
            answer = self.ask(subject, list(islice(cycle(given or items), count)))
            wrong_shape = "" if answer.error else shapes.fault(self.entry, answer.request, answer.value)
            if answer.error is not None or wrong_shape:
                expected = f"{count:,} outcomes" if count != 1 else "one outcome"
                return failed(expected, wrong_shape or answer.told(), answer.asked())
        return passed(", ".join(f"{count:,}" for count in _BATCHES))

    def one_bad(self, subject: Subject) -> Verdict:
        """The promise that an item which it cannot take spoils no other."""
        taken = self.taken(subject)
        if not taken:
            return not_applicable(_NOTHING_TAKEN)
        first, last = taken[0][0], taken[-1][0]
        refused = 0
        for value in (*wrong.OTHERS, *wrong.NUMBERS, *wrong.TEXTS[:8]):
            odd = self.odd(value)
            answer = self.ask(subject, [first, odd, last])
            outcomes = self.outcomes(answer, 3)
            if len(outcomes) != 3 or shapes.is_error(outcomes[0]) or shapes.is_error(outcomes[2]):
                seen = f"with {shown(odd, 80)} between two good ones: {answer.told()}"
                return failed("the outcomes of the good ones, and an error for the bad one", seen, answer.asked())
            refused += shapes.is_error(outcomes[1])
        return passed(f"{refused} odd ones were refused")

    def order(self, subject: Subject) -> Verdict:
        """The promise that outcomes stand in the order of their items."""
        distinct: dict[str, Any] = {}
        for item, outcome in self.taken(subject):
            distinct.setdefault(repr(outcome), item)
        chosen = dict(islice(distinct.items(), _DISTINCT))
        if len(chosen) < 2:
            return not_applicable("the inputs that it takes have all the same outcome; give others with `--input`")
        answer = self.ask(subject, list(chosen.values()))
        outcomes = [repr(each) for each in self.outcomes(answer, len(chosen))]
        if outcomes == list(chosen):
            return passed("a batch gives what single calls give")
        if sorted(outcomes) == sorted(chosen) or not outcomes:
            return failed("the outcomes of single calls, in the order of the batch", answer.told(), answer.asked())
        return passed("a batch gives other outcomes than single calls: it keeps something from one to the next")
