"""`Processor`: records in, for each of them any number of records out, or an error."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from wardian.plugins import plugin as plugins
from wardian.plugins import reply
from wardian.plugins.batches import cut
from wardian.plugins.use import Use, as_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
        return self._all(as_values(records), reply.records, plugins.encoded)

    def process_values(self, values: Sequence[Value]) -> list[list[Value] | GuestError]:
        """The same for records as the maps that the ABI has, in and out: for who hands them on as they are.

        They have to be made of what guests said, and nest no deeper; that is not looked at again.

        Raises:
            WardianError: as a call does.
        """
        return self._all(values, reply.values, plugins.encoded_again)

    def _all(
        self, values: Sequence[Value], read: reply.Reader[list[Kept]], encode: plugins.Encoder
    ) -> list[list[Kept] | GuestError]:
        made: list[list[Kept] | GuestError] = []
        for request, size in cut(values, lambda part: encode(self._plugin, _ENTRY, {"records": part})):
            made += self._ask_encoded(_ENTRY, request, partial(self._processed, size, read))
        return made

    def _processed(self, size: int, read: reply.Reader[list[Kept]], value: object) -> list[list[Kept] | GuestError]:
        return reply.outcomes(value, size, read, self._where(_ENTRY))
