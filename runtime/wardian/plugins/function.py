"""`Function`: arguments in, a value out, row by row."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from wardian.errors import GuestError
from wardian.package.fields import shown
from wardian.plugins import plugin as plugins
from wardian.plugins import reply
from wardian.plugins.batches import cut
from wardian.plugins.use import Use

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from wardian.record import Value

_CALL, _VALIDATE = "function_call", "function_validate"


class Function(Use):
    """A bound function, from `Plugin.function`."""

    kind = "function"

    @property
    def aggregate(self) -> bool:
        """Whether its arguments are lists, of what the rows of a group hold."""
        return self._bound.symbol is not None and self._bound.symbol.aggregate

    def __call__(self, *args: object) -> Any:  # noqa: ANN401 - whatever the guest answers
        """Call it with one row of arguments, and give its value.

        Raises:
            GuestError: the plugin has an error for these arguments.
            WardianError: otherwise as `Plugin.call`.
        """
        (outcome,) = self.rows([args])
        if isinstance(outcome, GuestError):
            raise outcome
        return outcome

    def rows(self, rows: Iterable[Sequence[object]]) -> list[Any]:
        """Call it with many rows, and give one outcome for each, in their order: its value, or a `GuestError`.

        More rows than a request may hold are given in several calls; when one of these fails, what the ones before it
        did is done all the same.

        Raises:
            WardianError: as `Plugin.call`, when a whole call failed.
            TypeError: an argument cannot be encoded.
        """
        made: list[Any] = []
        for request, size in cut([list(row) for row in rows], self._encode):
            made += self._ask_encoded(_CALL, request, partial(self._values, size))
        return made

    def process_values(self, values: Sequence[Value]) -> list[list[Value] | GuestError]:
        """Call it with the data of each record, a map as the ABI has it; its value is the data of what comes out.

        Data that is a list has the arguments; all other data is the only argument.

        Raises:
            WardianError, TypeError: as `rows`.
        """
        outcomes = self.rows([data if isinstance(data := each["data"], list) else (data,) for each in values])
        return [
            outcome if isinstance(outcome, GuestError) else [{**value, "data": outcome}]
            for value, outcome in zip(values, outcomes, strict=True)
        ]

    def validate(self, args: Sequence[Mapping[str, object]]) -> None:
        """Ask whether the function can be used with such arguments, once, when a query is prepared.

        Args:
            args: for each argument `{"literal": value}`, or `{"column": name, "type": name}`.

        Raises:
            GuestError: it cannot; a function without `function_validate` takes all.
            WardianError: otherwise as `Plugin.call`.
        """
        if self._has(_VALIDATE):
            self._ask(_VALIDATE, {"args": [dict(each) for each in args]}, reply.null)

    def _encode(self, rows: Sequence[object]) -> bytes:
        return plugins.encoded(self._plugin, _CALL, {"rows": rows})

    def _values(self, size: int, value: object) -> list[Any]:
        return reply.outcomes(value, size, _value, self._where(_CALL))


def _value(value: object, path: str) -> Any:  # noqa: ANN401 - whatever the guest answers
    if not isinstance(value, dict) or value.keys() != {"value"}:
        raise reply.bad(path, f"expected a map of `value`, or an error, got {shown(value)}")
    return value["value"]
