"""`Aggregator`: records in, and from time to time what came of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from wardian.plugins import reply
from wardian.plugins.batches import cut, encoded_records
from wardian.plugins.use import Use, as_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from wardian.record import Record, Value

Kept = TypeVar("Kept")

_ADD, _FLUSH, _RESET = "aggregator_add", "aggregator_flush", "aggregator_reset"
_RECORDS = frozenset({"records"})


class Aggregator(Use):
    """A bound aggregator, from `Plugin.aggregator`; it has one instance, which holds what was added."""

    kind = "aggregator"

    def add(self, records: Iterable[Record]) -> None:
        """Add records; more than a request may hold are added in several calls.

        Raises:
            WardianError: as `Plugin.call`; what was added by calls before is added all the same.
            TypeError: something is no record, or holds what cannot be encoded.
        """
        self._all(as_values(records))

    def add_values(self, values: Sequence[Value]) -> None:
        """The same for records as the maps that the ABI has. Raises as `add`."""
        self._all(values)

    def _all(self, values: Sequence[Value]) -> None:
        for request, _ in cut(values, lambda part: encoded_records(self._plugin, _ADD, part)):
            self._ask_encoded(_ADD, request, reply.null)

    def flush(self) -> list[Record]:
        """What came of the records that were added since the last time.

        Raises:
            GuestError: `unimplemented`, when the plugin cannot.
            WardianError: otherwise as `Plugin.call`.
        """
        return self._flush(reply.records)

    def flush_values(self) -> list[Value]:
        """The same as the maps that the ABI has. Raises as `flush`."""
        return self._flush(reply.values)

    def reset(self) -> None:
        """Forget what was added. Raises as `flush`."""
        if not self._has(_RESET):
            raise self._unimplemented(_RESET)
        self._ask(_RESET, None, reply.null)

    def _flush(self, read: reply.Reader[list[Kept]]) -> list[Kept]:
        if not self._has(_FLUSH):
            raise self._unimplemented(_FLUSH)
        return self._ask(_FLUSH, None, lambda value: read(reply.fields(value, _RECORDS)["records"], "records"))
