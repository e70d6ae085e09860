"""Promises of every kind about what lasts: memory, repetition, and calls that are ended from outside."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from wardian.conformance.promise import Promise, Verdict, failed, not_applicable, passed, undecided
from wardian.conformance.requests import own_entries, typical
from wardian.conformance.samples import good, samples
from wardian.errors import Cancelled, DeadlineExceeded
from wardian.quantity import format_size

if TYPE_CHECKING:
    from collections.abc import Callable

    from wardian.conformance.session import Answer
    from wardian.conformance.subject import Subject
    from wardian.sandbox.deadline import Call

_FEWEST: Final = 50  # calls from which something can be said of memory
_ROUNDS: Final = 15  # of so many calls as were asked for: a collector of garbage finds its size within some thousands
_SHARE: Final = 0.3  # of the time that is left
_PAGE: Final = 65_536  # bytes: an allocator may take one more, late
_TOLERATED: Final = 5  # per cent, for guests with a garbage collector
_PATIENCE: Final = 10.0  # seconds within which a call that was ended has to end; a host takes some 10 ms
_VARYING: Final = frozenset({"clock_now", "random_bytes", "http_request"})


def _memory(subject: Subject) -> Verdict:
    if subject.is_command:
        return not_applicable("a program is an instance of its own for each call")
    kind, entries = subject.symbol.kind, own_entries(subject)
    given = samples(kind, subject.samples)
    until = time.monotonic() + max(0.0, subject.left()) * _SHARE
    sizes: list[int] = []
    step = begun = 0
    with subject.open() as session:
        while time.monotonic() < until:
            for entry, request in good(kind, given, entries, step):
                answer = session.ask(entry, request)
                if answer.crashed:
                    return failed(
                        "an answer to each call", f"{answer.told()} in call {len(sizes) + 1:,}", answer.asked()
                    )
                sizes.append(session.memory())
            step += 1
            if not sizes:
                return not_applicable("it has no entry points")
            if len(sizes) >= begun + subject.calls:
                if not _grew(sizes[begun:]) or len(sizes) >= _ROUNDS * subject.calls:
                    break
                begun = len(sizes)
    if len(sizes) < _FEWEST:
        return undecided(f"there was time for {len(sizes)} calls only; give more with `--time`")
    last = sizes[-max(subject.calls, len(sizes) - begun) :]  # a round that was cut short says too little
    if _grew(last):
        early = len(sizes) - len(last) + len(last) // 10
        seen = f"{format_size(sizes[early])} after {early:,} calls, {format_size(sizes[-1])} after {len(sizes):,}"
        return failed("as much memory at the end as after a tenth of the calls", seen)
    return passed(f"{format_size(sizes[-1])} after {len(sizes):,} calls")


def _grew(sizes: list[int]) -> bool:
    """Whether the last is more than that after a tenth, by more than is tolerated."""
    early, late = sizes[len(sizes) // 10], sizes[-1]
    return late > early + max(_PAGE, early * _TOLERATED // 100)


def _repeats(subject: Subject) -> Verdict:
    kind, entries = subject.symbol.kind, own_entries(subject)
    work = good(kind, samples(kind, subject.samples), entries)
    if not work:
        return not_applicable("it has no entry points")
    with subject.open() as one, subject.open() as other:
        pairs = [(one.ask(entry, request), other.ask(entry, request)) for entry, request in work]
        again = [one.ask(entry, request) for entry, request in work]
    varying = sorted({each.name for each in subject.module.imports} & _VARYING)
    if not all(mine.same(theirs) for mine, theirs in pairs):
        return passed(f"no: new instances differ, as they may with {', '.join(varying) or 'what they import'}")
    if not all(first.same(second) for (first, _), second in zip(pairs, again, strict=True)):
        return passed("of new instances; one instance answers the second time otherwise")
    return passed("also of one instance, asked twice")


def _ended(end: Callable[[Subject, Call], None], word: str) -> Callable[[Subject], Verdict]:
    """The check that a call which is ended from outside ends, and leaves the next instance whole."""

    def check(subject: Subject) -> Verdict:
        entries = typical(subject)
        if not entries:
            return not_applicable("it has no entry points")
        ended = 0
        for entry, request in entries.items():
            before = subject.once(entry, request)
            began = time.monotonic()
            with subject.open() as session:
                answer = session.ask(entry, request, began=lambda call: end(subject, call))
            took = time.monotonic() - began
            ended += isinstance(answer.error, (Cancelled, DeadlineExceeded))
            if took > _PATIENCE:
                return failed(f"a call that is {word} ends", f"it took {took:.1f} s", answer.asked())
            after = subject.once(entry, request)
            if _came_to(before) != _came_to(after):
                return failed("the next instance answers as one before", after.told(), after.asked())
        return passed(f"{ended} of {len(entries)} calls were still running then")

    return check


def _rolls_back(subject: Subject) -> Verdict:
    if not any(each.name.startswith("state_") for each in subject.module.imports):
        return not_applicable("it imports nothing of `state`")
    for entry, request in typical(subject).items():
        with subject.open() as session:
            session.ask(entry, request)
            if session.world is None or session.failure is not None:
                continue
            kept = session.world.kept()
            answer = session.ask(entry, request, began=lambda call: _cancel(subject, call))
            if answer.error is not None and session.world.kept() != kept:
                return failed("state as it was before the call", "the failed call changed it", answer.asked())
    return passed()


def _came_to(answer: Answer) -> str:
    """What sort of end a call had, for plugins whose replies differ each time."""
    return "reply" if answer.error is None else answer.refusal.kind if answer.refusal else answer.error.code


def _cancel(subject: Subject, call: Call) -> None:
    subject.lab.ticker.end(call, "cancelled")


def _let_run_out(subject: Subject, call: Call) -> None:
    subject.lab.ticker.end(call, "deadline")


PROMISES: Final = (
    Promise(
        "memory.flat", "Its memory does not grow from call to call.",
        "An instance serves for weeks; one that leaks comes to its limit and is replaced, with all it holds.",
        "free what a call allocated at its end, or use an arena that is emptied when the next begins", _memory,
    ),
    Promise(
        "replies.repeatable", "Whether the same requests are answered the same again; for your information.",
        "Who replays or caches has to know.", "nothing has to be done", _repeats,
    ),
    Promise(
        "cancel.ends", "A call that is cancelled ends, and the next instance works.",
        "A host gives up on calls whose callers did.", "keep nothing outside the instance",
        _ended(_cancel, "cancelled"),
    ),
    Promise(
        "deadline.ends", "A call whose deadline passes ends, and the next instance works.",
        "The deadline is the limit that always holds.", "keep nothing outside the instance",
        _ended(_let_run_out, "over its deadline"),
    ),
    Promise(
        "state.rolls_back", "What a call that failed changed in state is as it was.",
        "State is all or nothing.", "this is the host's own promise: please report it", _rolls_back,
    ),
)  # fmt: skip
