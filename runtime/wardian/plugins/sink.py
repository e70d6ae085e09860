"""`Sink`: where records go."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from wardian.package.fields import shown
from wardian.plugins import reply
from wardian.plugins.batches import cut, encoded_records
from wardian.plugins.use import Use, as_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from wardian.errors import GuestError
    from wardian.record import Record, Value

_WRITE, _FLUSH = "sink_write", "sink_flush"


class Sink(Use):
    """A bound sink, from `Plugin.sink`; it has one instance, which may hold records until it is flushed."""

    kind = "sink"

    @property
    def holds(self) -> bool:
        """Whether what it took may be with it alone until it is flushed."""
        return self._has(_FLUSH)

    def write(self, records: Iterable[Record]) -> list[GuestError | None]:
        """Hand over records, and give one outcome for each, in their order: None when it was taken, or the error.

        More records than a request may hold are given in several calls; when one of these fails, what the ones before
        it did is done all the same.

        Raises:
            WardianError: as `Plugin.call`, when a whole call failed.
            TypeError: something is no record, or holds what cannot be encoded.
        """
        return self._all(as_values(records))

    def write_values(self, values: Sequence[Value]) -> list[GuestError | None]:
        """The same for records as the maps that the ABI has. Raises as `write`."""
        return self._all(values)

    def _all(self, values: Sequence[Value]) -> list[GuestError | None]:
        made: list[GuestError | None] = []
        for request, size in cut(values, lambda part: encoded_records(self._plugin, _WRITE, part)):
            made += self._ask_encoded(_WRITE, request, partial(self._written, size))
        return made

    def flush(self, *, urgent: bool = False) -> None:
        """Make what was taken last; `urgent` says that the program is about to stop. A sink without it holds nothing.

        Raises:
            WardianError: as `Plugin.call`.
        """
        if self._has(_FLUSH):
            self._ask(_FLUSH, {"urgent": urgent}, reply.null)

    def _written(self, size: int, value: object) -> list[GuestError | None]:
        if value is None:
            return [None] * size
        return reply.outcomes(value, size, _taken, self._where(_WRITE))


def _taken(value: object, path: str) -> None:
    if value is not None:
        raise reply.bad(path, f"expected null or an error, got {shown(value)}")
