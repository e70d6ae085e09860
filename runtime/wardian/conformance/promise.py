"""A promise that a plugin makes its host, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from wardian.conformance.subject import Subject

Outcome = Literal["passed", "failed", "not_applicable", "undecided"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one promise.

    Attributes:
        outcome: `passed`; `failed`; `not_applicable` to this plugin; or `undecided`, when it could not be looked at.
        note: what is worth knowing of a promise that holds, or why it could not be applied or decided.
        expected: what should have been, where it failed.
        seen: what was seen instead.
        request: the call that showed it, cut to a line.
    """

    outcome: Outcome
    note: str = ""
    expected: str = ""
    seen: str = ""
    request: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise.

    Attributes:
        id: its stable name, such as `processor.outcomes`.
        text: what is promised, in a sentence about the plugin.
        why: what goes wrong for whoever runs a plugin that breaks it.
        hint: what its author can do.
        check: looks whether it holds.
        opened: whether there is nothing to look at in a plugin that does not open.
    """

    id: str
    text: str
    why: str
    hint: str
    check: Callable[[Subject], Verdict]
    opened: bool = True


def passed(note: str = "") -> Verdict:
    """It holds."""
    return Verdict("passed", note)


def failed(expected: str, seen: str, request: str = "") -> Verdict:
    """It does not."""
    return Verdict("failed", expected=expected, seen=seen, request=request)


def not_applicable(reason: str) -> Verdict:
    """This plugin has nothing that the promise is about."""
    return Verdict("not_applicable", reason)


def undecided(reason: str) -> Verdict:
    """It could not be found out."""
    return Verdict("undecided", reason)
