"""`Pump`: moves batches from the log through the worker, and acknowledges each once all of it is done with."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Final, Protocol

from wardian.errors import Cancelled, GuestError, StateError, WardianError
from wardian.pipeline.halt import Halted, Lost
from wardian.pipeline.intake import PASSING
from wardian.pipeline.retry import hopeless

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from wardian.config.pipeline import Pipeline
    from wardian.pipeline.outlet import Outlet
    from wardian.pipeline.worker import Worker
    from wardian.record import Value
    from wardian.transport.contract import Entry, Log

    Traced = Callable[[Iterator[Value]], AbstractContextManager[object]]

_LOOK: Final = 0.25  # seconds at most until it sees what has changed around it
_FIRST, _LONGEST = 0.05, 5.0  # seconds between two tries of a store, or a flush, that fails


class Around(Protocol):
    """The pipeline that it is a part of."""

    error: WardianError | None

    def pause(self, seconds: float, why: str = "") -> None:
        """Wait for so long; raises `Ended` when the pipeline has to end meanwhile."""

    def exhausted(self) -> bool:
        """Whether the sources will append no more."""

    def stopping(self) -> bool:
        """Whether it has to come to an end."""

    def between(self) -> None:
        """Called between two batches, for what may be done only then."""


class Pump:
    """One pipeline's way from its log to its sinks; used by the worker's thread.

    Args:
        rules: of the pipeline.
        log: where its records wait.
        worker: its steps and sinks.
        around: the rest of it.
        traced: entered while records are taken to their end.
    """

    def __init__(self, rules: Pipeline, log: Log, worker: Worker, around: Around, traced: Traced) -> None:
        self._rules, self._log, self._worker, self._around, self._traced = rules, log, worker, around, traced
        self._after = log.cursor

    @property
    def durable(self) -> bool:
        """Whether records that are not acknowledged wait for the next process."""
        return self._rules.delivery == "at_least_once"

    def run(self) -> None:
        """Take batches until the sources are done and the log is empty, or the pipeline has to come to an end.

        Raises:
            Halted, Ended: as `Worker.take`.
        """
        batch = self._rules.batch
        while True:
            self._around.between()
            if self._around.stopping() and self.durable:
                return
            exhausted = self._around.exhausted()  # before the log is read: nothing comes in between then
            entries = self._log.read(self._after, batch.count, batch.bytes, 0.0 if exhausted else self._timeout())
            if entries:
                self._take(self._filled(entries))
            elif any(window.due() for window in self._worker.windows):
                self._take([])
            elif exhausted:
                return

    def finish(self, *, by_itself: bool) -> None:
        """Close the windows whose records will not come again, and have the sinks write all out.

        Args:
            by_itself: whether the sources are done, so that nothing more can come into a window.
        """
        if by_itself or not self.durable:
            self._take([], last=True)
        else:
            self._commit()
        for sink in self._worker.sinks:
            with contextlib.suppress(Lost):  # it held nothing any more: the last commit had it flushed
                self._flush(sink, urgent=True)

    def _filled(self, entries: list[Entry]) -> list[Entry]:
        """What comes within the linger as well, up to a whole batch."""
        batch, first, last = self._rules.batch, entries[0].cursor, entries[-1].cursor
        until = time.monotonic() + batch.linger
        while last - first + 1 < batch.count and not self._around.stopping():
            left = 0.0 if self._around.exhausted() else until - time.monotonic()
            if left < 0 or self._log.backlog()[1] >= batch.bytes:
                break
            more = self._log.read(last, batch.count - (last - first + 1), batch.bytes, left)
            if not more:
                break
            last = more[-1].cursor
        if last == entries[-1].cursor:
            return entries
        return self._log.read(first - 1, batch.count, batch.bytes, 0.0)  # which of them a batch has room for

    def _take(self, entries: list[Entry], *, last: bool = False) -> None:
        """Take a batch to its end and acknowledge it. A store that fails is waited for: nothing is lost meanwhile."""
        delay = _FIRST
        while True:
            try:
                with self._traced(self._values(entries)):
                    if entries:
                        self._worker.take(entries)
                    self._worker.close_windows(all_of_them=last)
                    if entries:
                        self._after = entries[-1].cursor
                    self._commit()
            except (StateError, Lost) as error:
                if entries:
                    self._after = entries[0].cursor - 1
                if isinstance(error, StateError):
                    self._require_passing(error)
                self._worker.rollback()
                self._log.rollback()
                delay = self._wait(delay)
            else:
                return

    def _values(self, entries: list[Entry]) -> Iterator[Value]:
        """The records of a batch; without any, those that windows hold."""
        if entries:
            return (each.value for each in entries)
        return (item.value for window in self._worker.windows for item in window.held)

    def _commit(self) -> None:
        worker = self._worker
        for sink in worker.sinks:
            self._flush(sink)
        changes = [change for window in worker.windows if (change := window.change()) is not None]
        held = [scope for window in worker.windows if (scope := window.scope) is not None]
        delay = _FIRST
        while True:
            try:
                self._log.commit(self._after, dead=worker.dead, windows=changes, held=held)
            except StateError as error:
                # Nothing has changed: to commit the same again is enough, and delivers nothing twice.
                self._require_passing(error)
                delay = self._wait(delay)
            else:
                break
        worker.committed()

    def _flush(self, sink: Outlet, *, urgent: bool = False) -> None:
        """Have a sink make what it took last, however long it takes."""
        delay = _FIRST
        while True:
            try:
                sink.flush(urgent=urgent)
            except (Cancelled, StateError):
                raise
            except WardianError as error:
                sink.counters.note(error)
                if hopeless(error):
                    raise Halted("failed", error) from error
                if not isinstance(error, GuestError):
                    sink.broke(error)
                    raise Lost from error  # what it held is gone with its instance
                delay = self._wait(delay, f"{sink.member.name} cannot write")
            else:
                return

    def _require_passing(self, error: StateError) -> None:
        self._around.error = error
        if error.code not in PASSING:
            raise Halted("stopped" if error.code == "dead_letters_full" else "failed", error) from error

    def _wait(self, delay: float, why: str = "the store fails") -> float:
        self._around.pause(delay, why)
        return min(delay * 2, _LONGEST)

    def _timeout(self) -> float:
        """How long to wait for records, with windows in mind."""
        now = time.monotonic()
        ends = [window.closes_at - now for window in self._worker.windows if window.closes_at is not None]
        return max(0.0, min([_LOOK, *ends]))
