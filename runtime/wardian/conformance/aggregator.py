"""Promises of aggregators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wardian.conformance.promise import Promise, Verdict, failed, not_applicable, passed
from wardian.conformance.samples import samples

if TYPE_CHECKING:
    from wardian.conformance.subject import Subject


def _resets(subject: Subject) -> Verdict:
    if not (subject.has("aggregator_reset") and subject.has("aggregator_flush")):
        return not_applicable("it has not both `aggregator_reset` and `aggregator_flush`")
    records = list(samples("aggregator", subject.samples))
    fresh = subject.once("aggregator_flush")
    with subject.open() as session:
        session.ask("aggregator_add", {"records": records})
        session.ask("aggregator_reset")
        after = session.ask("aggregator_flush")
    if after.crashed or fresh.crashed or not after.same(fresh):
        return failed(f"what a new instance flushes: {fresh.told()}", after.told(), "add, reset, flush")
    with subject.open() as session:
        session.ask("aggregator_add", {"records": records[:1]})
        once = session.ask("aggregator_flush")
    with subject.open() as session:
        session.ask("aggregator_add", {"records": records})
        session.ask("aggregator_flush")
        session.ask("aggregator_reset")
        session.ask("aggregator_add", {"records": records[:1]})
        again = session.ask("aggregator_flush")
    if not again.same(once):
        return failed(f"what a new instance flushes: {once.told()}", again.told(), "add, flush, reset, add, flush")
    return passed()


def _flushes_twice(subject: Subject) -> Verdict:
    if not subject.has("aggregator_flush"):
        return not_applicable("it has no `aggregator_flush`")
    with subject.open() as session:
        added = session.ask("aggregator_add", {"records": list(samples("aggregator", subject.samples))})
        first, second = session.ask("aggregator_flush"), session.ask("aggregator_flush")
    for answer in (first, second):
        if answer.crashed:
            return failed("a map of records, or an error", answer.told(), "add, flush, flush")
    if added.error is not None:
        return passed(f"it does not take the records: {added.told()}")
    return passed("it keeps what it flushed" if first.same(second) else "it forgets what it flushed")


PROMISES: Final = (
    Promise(
        "aggregator.reset", "After `aggregator_reset` it is as new: nothing of before is flushed.",
        "A window would begin with the records of the one before.",
        "set all that you count with to its first value", _resets,
    ),
    Promise(
        "aggregator.flush", "It can be flushed again and again.",
        "Hosts flush by the clock, whether or not there were records.", "reply an empty list where there is nothing",
        _flushes_twice,
    ),
)  # fmt: skip
