"""`Item`: a record on its way through a pipeline, which knows what it came of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

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
        meta = value.get("meta")
        named = {KEY: f"{pipeline}/{entry.source}/{entry.cursor}/{part or 0}"}  # as of `key`, without its frame
        return {**value, "meta": {**meta, **named} if isinstance(meta, dict) else named}
