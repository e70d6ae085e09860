"""`Lookup`: rows by what their columns are equal to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wardian.package.fields import shown
from wardian.plugins import reply
from wardian.plugins.use import Use

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROWS = "lookup_rows"


class Lookup(Use):
    """A bound lookup, from `Plugin.lookup`."""

    kind = "lookup"

    def rows(
        self, fields: Sequence[str], keys: Sequence[str] = (), values: Sequence[object] = (), /, **equal_to: object
    ) -> list[dict[str, Any]]:
        """The rows in which some columns have these values, each a map of the fields that are wanted.

        Args:
            fields: the columns that are wanted.
            keys: the columns that must be equal to `values`, in the same order; for names that Python cannot spell.
            values: what they must be equal to.
            equal_to: the same by name.

        Raises:
            ValueError: there are not as many values as keys.
            WardianError: as `Plugin.call`.
        """
        if len(keys) != len(values):
            raise ValueError(f"expected as many values as keys, got {len(keys)} keys and {len(values)} values")
        request = {
            "fields": list(fields), "keys": [*keys, *equal_to], "values": [*values, *equal_to.values()],
        }  # fmt: skip
        return self._ask(_ROWS, request, _rows)


def _rows(value: object) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise reply.bad("", f"expected a list of rows, got {shown(value)}")
    for at, row in enumerate(value):
        if not isinstance(row, dict) or not all(isinstance(key, str) for key in row):
            raise reply.bad(f"[{at}]", f"expected a row as a map with texts as keys, got {shown(row)}")
    return value
