"""Promises of functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from wardian.conformance import shapes
from wardian.conformance.each_item import Batches
from wardian.conformance.promise import Promise, Verdict, failed, not_applicable, passed
from wardian.conformance.samples import arguments, samples
from wardian.conformance.shown import shown

if TYPE_CHECKING:
    from wardian.conformance.subject import Subject

_BATCHES: Final = Batches("function_call", "rows", lambda value: [value])
_MANY: Final = 100  # arguments; no function of a query has so many
_COLUMNS: Final = ("text", "integer", "real", "blob", "null", "no such type")


def _arguments(subject: Subject) -> Verdict:
    taken = _BATCHES.taken(subject)
    good = [taken[0][0]] if taken else []
    for odd in ([], [None] * _MANY, ["a"] * _MANY, list(range(_MANY))):
        answer = _BATCHES.ask(subject, [*good, odd, *good])
        outcomes = _BATCHES.outcomes(answer, 0)
        count = 1 + 2 * len(good)
        if len(outcomes) != count or (good and any(map(shapes.is_error, (outcomes[0], outcomes[-1])))):
            expected = "a value or an error for this row, and the values of the others"
            return failed(expected, f"with {shown(odd, 40)}: {answer.told()}", answer.asked())
    return passed()


def _validates(subject: Subject) -> Verdict:
    if not subject.has("function_validate"):
        return not_applicable("it has no `function_validate`")
    rows = samples("function", subject.samples)
    columns: list[Any] = [{"column": "name", "type": kind} for kind in _COLUMNS]
    asked: list[Any] = [arguments(row) for row in rows]
    asked += [{"args": [each] * count} for each in columns for count in (1, 2, 3)] + [{"args": []}]
    accepted = 0
    for request in asked:
        answer = subject.once("function_validate", request)
        if answer.value is not None or answer.crashed:
            return failed("null, or an error", answer.told(), answer.asked())
        accepted += answer.error is None
    return passed(f"{accepted} of {len(asked)} were accepted")


PROMISES: Final = (
    Promise(
        "function.outcomes", "It gives as many outcomes as it was given rows: for none, one, two and 1,000.",
        "A reply with another number is refused as a whole.",
        "write `{value}` or an error for each row", _BATCHES.counts,
    ),
    Promise(
        "function.bad_row", "A row that it cannot take spoils no other.",
        "One bad row would fail a whole query.", "make the error that row's outcome, and go on", _BATCHES.one_bad,
    ),
    Promise(
        "function.order", "Outcomes stand in the order of their rows.",
        "The host has nothing else to tell them apart by.", "answer in the order of `rows`", _BATCHES.order,
    ),
    Promise(
        "function.arguments", "Too few or too many arguments are an error of their row, or taken.",
        "Whoever writes a query makes that mistake first.",
        "count the arguments of each row before you read them", _arguments,
    ),
    Promise(
        "function.validate", "`function_validate` answers null or an error, for literals and columns of any type.",
        "A query is refused before it runs, or it runs.", "refuse with the kind `invalid`", _validates,
    ),
)  # fmt: skip
