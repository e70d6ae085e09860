"""Promises of extensions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wardian.conformance.promise import Promise, Verdict, failed, passed

if TYPE_CHECKING:
    from wardian.conformance.subject import Subject

_UNKNOWN: Final = ("wardian_no_such_method", "", "\0", "plugin_open")


def _unknown(subject: Subject) -> Verdict:
    for method in _UNKNOWN:
        answer = subject.once("extension_call", {"method": method, "argument": None})
        if answer.refusal is None:
            return failed("an error, such as `unimplemented`", answer.told(), answer.asked())
    return passed()


PROMISES: Final = (
    Promise(
        "extension.unknown_method", "A method that it does not have is answered with an error.",
        "A caller that takes null for a result goes on with nothing.",
        "end with an error of the kind `unimplemented`", _unknown,
    ),
)  # fmt: skip
