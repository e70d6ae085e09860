"""Promises of actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wardian.conformance.promise import Promise, Verdict, failed, not_applicable, passed
from wardian.conformance.samples import samples

if TYPE_CHECKING:
    from wardian.conformance.subject import Subject

_REASONS: Final = ("deadline", "cancelled", "a reason that nobody knows")


def _params(subject: Subject) -> Verdict:
    for given in samples("action", subject.samples):
        plain = subject.once("action_call", {"params": given, "vars": {}})
        more = {**given, "wardian_unknown": [1]} if isinstance(given, dict) else given
        answer = subject.once("action_call", {"params": more, "vars": {}})
        if answer.crashed:
            return failed("a result, or an error", answer.told(), answer.asked())
        if plain.error is None and answer.refusal and answer.refusal.kind not in ("invalid", "config"):
            return failed("a result, or the error `invalid`", answer.told(), answer.asked())
    return passed()


def _cancel(subject: Subject) -> Verdict:
    if not subject.has("action_cancel"):
        return not_applicable("it has no `action_cancel`")
    for reason in _REASONS:
        for given in samples("action", subject.samples):
            answer = subject.once("action_cancel", {"reason": reason, "params": given})
            if answer.error is not None or answer.value is not None:
                return failed("null", answer.told(), answer.asked())
    return passed()


PROMISES: Final = (
    Promise(
        "action.params", "Parameters that it does not know are ignored, or refused with `invalid`.",
        "Other kinds of error are tried again.", "answer with an error of the kind `invalid`", _params,
    ),
    Promise(
        "action.cancel", "`action_cancel` answers null on an instance that did not make the call.",
        "It comes when the call was cut short, and its instance is gone.",
        "find what is left behind by `params` and state, not by what an instance remembers", _cancel,
    ),
)  # fmt: skip
