"""Answers, told apart: replies, refusals, broken rules, and no answer at all."""

from __future__ import annotations

import pytest

from wardian.conformance.session import Answer
from wardian.errors import (
    AbiViolation,
    DeadlineExceeded,
    GuestError,
    LimitExceeded,
    MemoryExceeded,
    ReplyTooLarge,
    Trap,
)

REFUSED = GuestError("invalid", "no\x1b[m")


def caused(error, cause):
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "crashed", "broke_wire"),
    [
        (None, False, False),
        (REFUSED, False, False),
        (Trap("unreachable"), True, False),
        (DeadlineExceeded("late", value=1), True, False),
        (AbiViolation("bytes follow"), False, True),
        (ReplyTooLarge("a wrong length", value=1, asked=2**31 - 1), False, True),
        (ReplyTooLarge("a large reply", value=1, asked=2**24), False, False),
        (ReplyTooLarge("many items", limit="items", value=1), False, False),
        (MemoryExceeded("no room", value=1), False, False),
        (MemoryExceeded("a trap", value=1, backtrace=("f",)), True, False),
        (caused(LimitExceeded("a quota", value=1), REFUSED), False, False),
    ],
)
def test_only_what_did_not_answer_has_crashed(error, crashed, broke_wire):
    answer = Answer("entry", None, error=error)
    assert (answer.crashed, answer.broke_wire) == (crashed, broke_wire)


def test_answers_are_the_same_by_reply_or_by_refusal():
    assert Answer("a", 1, value=[float("nan")]).same(Answer("b", 2, value=[float("nan")]))
    assert not Answer("a", 1, value=1).same(Answer("a", 1, value=True))
    assert Answer("a", 1, error=REFUSED).same(Answer("a", 1, error=GuestError("invalid", "no\x1b[m")))
    assert not Answer("a", 1, error=REFUSED).same(Answer("a", 1, error=GuestError("internal", "no")))
    assert not Answer("a", 1, error=Trap("x")).same(Answer("a", 1, error=Trap("x")))


def test_what_is_told_of_an_answer_is_printable():
    for answer in (
        Answer("a", "\x1b", value="\x1b[m\n"),
        Answer("a", b"\0", error=REFUSED),
        Answer("a", None, error=Trap("unreachable", backtrace=("f+0x1",))),
    ):
        assert answer.told().isprintable()
        assert answer.asked().isprintable()
    assert "f+0x1" in Answer("a", None, error=Trap("unreachable", backtrace=("f+0x1",))).told()
