"""`Processor`: records in, for each of them any number of records out, or an error."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from wardian.plugins import reply
from wardian.plugins.batches import cut, encoded_records
from wardian.plugins.use import Use, as_values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from wardian.errors import GuestError
    from wardian.record import Record, Value

    Processed = list[Record] | GuestError

Kept = TypeVar("Kept")

_ENTRY = "processor_process"


class Processor(Use):
    """A bound processor, from `Plugin.processor`."""

    kind = "processor"

    def __call__(self, records: Iterable[Record]) -> list[Processed]:
        """Process records, and give one outcome for each, in their order.

        An outcome is the list of records that take its place, none to drop it, or the error that the plugin has for it.
        More records than a request may hold are given in several calls; when one of these fails, what the ones before
        it did is done all the same.

        Raises:
            WardianError: as `Plugin.call`, when a whole call failed.
            TypeError: something is no record, or holds what cannot be encoded.
        """
        return self._all(as_values(records), partial(reply.outcomes, read=reply.records))

    def process_values(self, values: Sequence[Value]) -> list[list[Value] | GuestError]:
        """The same for records as the maps that the ABI has, in and out: for who hands them on as they are.

        Raises:
            WardianError, TypeError: as a call does.
        """
        return self._all(values, reply.value_outcomes)

    def _all(
        self, values: Sequence[Value], read: Callable[..., list[list[Kept] | GuestError]]
    ) -> list[list[Kept] | GuestError]:
        made: list[list[Kept] | GuestError] = []
        where = self._where(_ENTRY)
        for request, size in cut(values, lambda part: encoded_records(self._plugin, _ENTRY, part)):
            outcomes = self._ask_encoded(_ENTRY, request, lambda reply, size=size: read(reply, size, where=where))  # type: ignore[misc]
            made = made + outcomes if made else outcomes
        return made
