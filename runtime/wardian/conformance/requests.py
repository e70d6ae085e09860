"""Promises of every kind about what it is asked: whatever that is, the answer is a reply or an error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wardian.abi.contract import PLUGIN_CHECK
from wardian.conformance import wrong
from wardian.conformance.promise import Promise, Verdict, failed, not_applicable, passed, undecided
from wardian.conformance.samples import good, samples
from wardian.errors import HostCallsExceeded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from wardian.conformance.session import Answer
    from wardian.conformance.subject import Subject
    from wardian.errors import LimitExceeded

_OUT_OF_TIME: Final = "the time was over; give more with `--time`"


def typical(subject: Subject) -> dict[str, object]:
    """For each entry point that it has, a request that is right: of the work of its kind, or else the plainest."""
    kind = subject.symbol.kind
    given = samples(kind, subject.samples)
    asked: dict[str, object] = {PLUGIN_CHECK: subject.checking()} if subject.has(PLUGIN_CHECK) else {}
    for entry, request in (*good(kind, given, own_entries(subject)), *_PLAIN.items()):
        if subject.has(entry) and (entry in subject.entries or not kind):
            asked.setdefault(entry, request)
    return asked


def own_entries(subject: Subject) -> tuple[str, ...]:
    """Its entry points of its kind; those of its author, where it is of none."""
    if subject.symbol.kind or subject.is_command:
        return subject.entries
    own = (name for name, each in subject.module.exports.items() if (each.kind, each.params, each.results) == _ENTRY)
    return tuple(name for name in own if not name.startswith("plugin_"))


def crash(subject: Subject, asked: Iterable[tuple[str, object]]) -> tuple[Answer | None, int]:
    """The first call, each on an instance of its own, that was not answered at all; and how many were made."""
    made = 0
    for entry, request in asked:
        with subject.bare() if entry == PLUGIN_CHECK else subject.open() as session:
            if not session.fits(request):
                continue
            answer = session.ask(entry, request)
        made += 1
        if answer.crashed:
            return answer, made
        if subject.left() < 0:
            raise TimeoutError
    return None, made


def _answered(
    make: Callable[[Subject, str, object], Iterable[object]], *, may_exceed: tuple[type[LimitExceeded], ...] = ()
) -> Callable[[Subject], Verdict]:
    """The check that all these requests, made of each entry point and its right request, are answered.

    Some limits may be exceeded by a plugin that does what it should, for an operator to give it less at a time.
    """

    def check(subject: Subject) -> Verdict:
        entries = typical(subject)
        if not entries:
            return not_applicable("it has no entry points")
        asked = ((entry, each) for entry, right in entries.items() for each in make(subject, entry, right))
        try:
            answer, made = crash(subject, asked)
        except TimeoutError:
            return undecided(_OUT_OF_TIME)
        if answer is None:
            return passed(f"{made} requests")
        if isinstance(answer.error, may_exceed):
            return passed(f"not all of them: {answer.error.message}")
        return failed("a reply, or an error", answer.told(), answer.asked())

    return check


def _unknown_keys(subject: Subject) -> Verdict:
    entries = typical(subject)
    for entry, right in entries.items():
        if entry == PLUGIN_CHECK:
            with subject.bare() as one, subject.bare() as other:
                before, after = one.ask(entry, right), other.ask(entry, wrong.with_unknown(right))
        else:
            before, after = subject.once(entry, right), subject.once(entry, wrong.with_unknown(right))
        if before.error is None and after.error is not None:
            return failed("the reply to the same request without them", after.told(), after.asked())
    return passed() if entries else not_applicable("it has no entry points")


def _noticed(promise: str, expected: str) -> Callable[[Subject], Verdict]:
    """The check that none of all the answers so far broke a rule."""

    def check(subject: Subject) -> Verdict:
        found = subject.faults.get(promise)
        if found:
            answer, seen = found[0]
            return failed(expected, seen, answer.asked())
        return passed(f"{subject.answers:,} answers")

    return check


_ENTRY: Final = ("func", ("i32", "i32"), ("i64",))
_PLAIN: Final[dict[str, object]] = {
    "action_cancel": {"reason": "deadline", "params": {}},
    "function_validate": {"args": [{"literal": 1}, {"column": "name", "type": "text"}]},
    "source_poll": {"now": 1, "demand": 1},
}

PROMISES: Final = (
    Promise(
        "requests.shapes", "A request of the wrong shape is answered.",
        "Hosts and people make mistakes, and a trap costs the instance with all it holds.",
        "look at the type of each part of a request before you use it",
        _answered(lambda _, entry, right: wrong.shapes(entry, right)),
    ),
    Promise(
        "requests.unknown_keys", "Keys that it does not know change nothing.",
        "Later hosts send more keys in the same version of the ABI.",
        "read the keys that you know, and leave all others alone", _unknown_keys,
    ),
    Promise(
        "requests.empty", "Empty lists, maps and texts are answered.", "A batch may be empty.",
        "count down from the length, never from the length less one",
        _answered(lambda _, _entry, right: wrong.empty(right)),
    ),
    Promise(
        "requests.numbers", "Numbers at the ends of 64 bits, NaN, infinities and points in time are answered.",
        "They come from other people's data.", "check a number's bounds before you calculate with it",
        _answered(lambda _, entry, _right: wrong.values(entry, wrong.NUMBERS)),
    ),
    Promise(
        "requests.texts", "Texts and bytes of every sort are answered: zero characters, emoji, right to left.",
        "They come from other people's data.", "take a text by its length: it may hold zero characters",
        _answered(lambda _, entry, _right: wrong.values(entry, wrong.TEXTS)),
    ),
    Promise(
        "requests.deep", "Items that nest as deep as the limits allow are answered.",
        "What recurses without a bound runs out of its stack.", "walk items in a loop, or bound the depth",
        _answered(lambda subject, entry, _right: wrong.deep(entry, subject.limits)),
    ),
    Promise(
        "requests.many", "10,000 records, rows or elements at once are answered.",
        "Hosts batch: one call for many records.", "hold no fixed number of items",
        _answered(
            lambda subject, entry, _right: wrong.many(entry, subject.limits), may_exceed=(HostCallsExceeded,)
        ),
    ),
    Promise(
        "requests.large", "A request of as many bytes as the limits allow is answered.",
        "A request that it has no memory for has to be refused with `exhausted`, not with a trap.",
        "check what allocations give; let `wardian_alloc` give 0 where there is no room",
        _answered(lambda subject, entry, _right: wrong.large(entry, subject.limits)),
    ),
)  # fmt: skip
# After all that is asked, for they are about every answer.
NOTICED: Final = (
    Promise(
        "replies.item", "Each reply is one item, within its memory and the limits.",
        "A host refuses all else, and ends the instance.",
        "give the reply's exact length; use an SDK's writer", _noticed("replies.item", "one item"), opened=False,
    ),
    Promise(
        "replies.shape", "Each reply has the shape that the ABI gives.", "A host refuses all others as a whole.",
        "compare with `abi.cddl`", _noticed("replies.shape", "the shape of `abi.cddl`"), opened=False,
    ),
    Promise(
        "errors.known", "Each error is of one of the ABI's kinds, and has its shape.",
        "The kind says whose turn it is, and whether to try again.",
        "choose from the table of ABI.md, section 4", _noticed("errors.known", "an error as ABI.md, section 4, has it"),
        opened=False,
    ),
    Promise(
        "log.bounded", "One call logs no more than the limits allow.", "What is over them is dropped.",
        "log what a person will read, not each record", _noticed("log.bounded", "no line dropped"), opened=False,
    ),
)  # fmt: skip
