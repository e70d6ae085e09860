"""Promises of processors."""

from __future__ import annotations

from typing import Final

from wardian.conformance.each_item import Batches
from wardian.conformance.promise import Promise

_BATCHES: Final = Batches("processor_process", "records", lambda value: {"data": value})

PROMISES: Final = (
    Promise(
        "processor.outcomes", "It gives as many outcomes as it was given records: for none, one, two and 1,000.",
        "A reply with another number is refused as a whole.",
        "write one outcome for each record, also for one that is dropped: an empty list", _BATCHES.counts,
    ),
    Promise(
        "processor.bad_record", "A record that it cannot take spoils no other of its batch.",
        "One bad record would hold up all that came with it.",
        "make the error that record's outcome, and go on", _BATCHES.one_bad,
    ),
    Promise(
        "processor.order", "Outcomes stand in the order of their records.",
        "The host has nothing else to tell them apart by.", "answer in the order of `records`", _BATCHES.order,
    ),
)  # fmt: skip
