"""`Outlet`: a sink at work, which gives a new instance what the one before it held and had not written out."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from wardian.errors import Cancelled, GuestError, StateError, WardianError
from wardian.pipeline.halt import Lost
from wardian.pipeline.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wardian.pipeline.stage import Outcome
    from wardian.record import Value


class Outlet(Stage):
    """A sink of a running pipeline.

    One that is flushed may hold records until then, and loses them when its instance breaks or is swapped. What it took
    since it was flushed last, of one batch at most, is kept here for the next instance, call by call.
    """

    _held: tuple[tuple[Value, ...], ...] = ()
    _whole = True  # whether the instance holds what is held here

    def put(self, use: Any) -> None:  # noqa: ANN401 - a use of a sink
        """Go on with another use, which is given what the old one held."""
        super().put(use)
        self._whole = not self._held

    def flush(self, *, urgent: bool = False) -> None:
        """Have all be written out that it took.

        Raises:
            WardianError: as the plugin does; all is held still.
            Lost: a new instance did not take what the one before it held.
        """
        self._fill()
        self.once(lambda: self.use.flush(urgent=urgent))
        self.rollback()

    def rollback(self) -> None:
        """Forget what is held: it is written out, or comes again."""
        self._held, self._whole = (), True

    def _call(self, values: Sequence[Value]) -> list[Outcome]:
        self._fill()
        try:
            made = super()._call(values)
        except WardianError as error:
            if not isinstance(error, GuestError):
                self._whole = not self._held
            raise
        if self.use.holds:
            self._held += (tuple(value for value, error in zip(values, made, strict=True) if error is None),)
        return made

    def _fill(self) -> None:
        """Give a new instance what the one before it held.

        Raises:
            Lost: it does not take that, which is no fault of the records that are to come.
        """
        if self._whole:
            return
        try:
            for error in itertools.chain.from_iterable(map(super()._call, filter(None, self._held))):
                if isinstance(error, WardianError):
                    raise error
        except (Cancelled, StateError):
            raise
        except WardianError as error:
            self.counters.note(error)
            if not isinstance(error, GuestError):
                self.broke(error)
            raise Lost from error
        self._whole = True
