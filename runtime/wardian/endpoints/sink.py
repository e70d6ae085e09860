"""`Sink`: what the host's own sinks share: the face of a plugin's sink, over one function that takes records."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, ClassVar

from wardian.endpoints.owned import Owned
from wardian.errors import GuestError
from wardian.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from wardian.record import Value

Outcome = GuestError | None


class Sink(Owned):
    """A sink that the host makes itself; it is used as a plugin's `Sink` is.

    Threads: may be used from several at once; one write is whole before the next begins.
    """

    kind: ClassVar[str] = "sink"
    holds: ClassVar[bool] = False  # what it took is out of this process's hands

    def __init__(self) -> None:
        self._writes = threading.Lock()
        self._closed = False

    def write(self, records: Iterable[Record]) -> list[Outcome]:
        """Hand over records, and give one outcome for each, in their order: None when it was taken, or the error.

        Raises:
            TypeError: something is no record.
            BrokenPipeError: nobody will ever read what it writes.
            RuntimeError: it is closed.
        """
        taken = list(records)
        for each in taken:
            if not isinstance(each, Record):
                raise TypeError(f"expected records, got {type(each).__name__}")
        with self._writes:
            self._require_open()
            return self._written(taken)

    def write_values(self, values: Iterable[Value]) -> list[Outcome]:
        """The same for records as the maps that the ABI has. Raises as `write`."""
        return self.write(map(Record.from_value, values))

    def flush(self, *, urgent: bool = False) -> None:
        """Make what was taken last; `urgent` says that the program is about to stop.

        Raises:
            GuestError: `transient`, when it could not be done.
            BrokenPipeError, RuntimeError: as `write`.
        """
        with self._writes:
            self._require_open()
            self._flushed(urgent=urgent)

    def close(self) -> None:
        """Give back what it holds; a second time does nothing."""
        with self._writes:
            if not self._closed:
                self._closed = True
                self._release()

    def _require_open(self) -> None:
        if self._closed:
            raise RuntimeError("the sink is closed")

    def _written(self, records: Sequence[Record]) -> list[Outcome]:
        raise NotImplementedError

    def _flushed(self, *, urgent: bool) -> None:
        """Make what was taken last; by default nothing is held."""
