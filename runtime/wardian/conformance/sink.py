"""Promises of sinks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wardian.conformance.each_item import Batches
from wardian.conformance.promise import Promise, Verdict, failed, not_applicable, passed
from wardian.conformance.samples import samples

if TYPE_CHECKING:
    from wardian.conformance.subject import Subject

_BATCHES: Final = Batches("sink_write", "records", lambda value: {"data": value})


def _flushes(subject: Subject) -> Verdict:
    if not subject.has("sink_flush"):
        return not_applicable("it has no `sink_flush`")
    records = list(samples("sink", subject.samples))
    for urgent in (False, True):
        for write in (False, True):
            with subject.open() as session:
                if write:
                    session.ask("sink_write", {"records": records})
                answer = session.ask("sink_flush", {"urgent": urgent})
            if answer.value is not None or answer.crashed:
                return failed("null, or an error", answer.told(), answer.asked())
            if answer.error is not None and not write:
                return failed("null where nothing was written", answer.told(), answer.asked())
    return passed()


PROMISES: Final = (
    Promise(
        "sink.outcomes", "It answers null, or with as many outcomes as it was given records.",
        "A reply with another number is refused as a whole.",
        "write null or an error for each record", _BATCHES.counts,
    ),
    Promise(
        "sink.bad_record", "A record that it cannot take spoils no other of its batch.",
        "One bad record would hold up all that came with it.",
        "make the error that record's outcome, and go on", _BATCHES.one_bad,
    ),
    Promise(
        "sink.flush", "`sink_flush` answers null or an error, urgent or not, with and without records before it.",
        "The host may stop only when it has answered.", "with nothing to write, reply null", _flushes,
    ),
)  # fmt: skip
