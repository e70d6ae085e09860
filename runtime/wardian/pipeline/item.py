"""`Item`: a record on its way through a pipeline, which knows what it came of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from wardian.pipeline.tracing import KEY as TRACE
from wardian.pipeline.tracing import traceparent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wardian.record import Value
    from wardian.transport.contract import Entry

KEY = "idempotency_key"  # where a sink finds the stable key, in the `meta` of a record


class Item(NamedTuple):
    """A record, as the map of the ABI.

    Attributes:
        entry: the record of the log that it came of.
        part: which of those that came of it: empty while it is the only one, then such as `2`, or `2.0`.
        value: the record.
    """

    entry: Entry
    part: str
    value: Value

    @property
    def path(self) -> str | None:
        """The output that it is meant for, or None."""
        path = self.value.get("path")
        return path if isinstance(path, str) else None

    def made(self, values: Iterable[Value]) -> list[Item]:
        """What came of it in a step; the parts are the same whenever it is done again."""
        given = list(values)
        if len(given) == 1:
            return [Item(self.entry, self.part, given[0])]
        start = f"{self.part}." if self.part else ""
        return [Item(self.entry, f"{start}{at}", each) for at, each in enumerate(given)]

    def key(self, pipeline: str) -> str:
        """The stable key `PIPELINE/SOURCE/CURSOR/INDEX`: the same each time that the same record is delivered."""
        return f"{pipeline}/{self.entry.source}/{self.entry.cursor}/{self.part or 0}"

    def keyed(self, pipeline: str) -> Value:
        """The record with its stable key in `meta`."""
        entry, part, value = self
        if "meta" in value or "meta" in entry.value:
            return _with(self.traced(), KEY, self.key(pipeline))
        # As of `key`, without its frame, where there is no more to it.
        return {**value, "meta": {KEY: f"{pipeline}/{entry.source}/{entry.cursor}/{part or 0}"}}

    def traced(self) -> Value:
        """The record with the trace in `meta` that what it came of is of, whatever a plugin has made of that."""
        trace = traceparent(self.entry.value) if "meta" in self.entry.value else ""
        return _with(self.value, TRACE, trace) if trace else self.value


def _with(value: Value, name: str, text: str) -> Value:
    meta = value.get("meta")
    return {**value, "meta": {**meta, name: text} if isinstance(meta, dict) else {name: text}}
