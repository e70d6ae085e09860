"""`TailedLog`: what logs have in common: a tail in memory, and something that keeps all else."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final, Protocol, Self

from wardian.errors import StateError

if TYPE_CHECKING:
    from types import TracebackType

    from wardian.state.contract import Scope, StateStore
    from wardian.transport.contract import Entry
    from wardian.transport.stages import Stages
    from wardian.transport.tail import Tail

_LOOK: Final = 0.5  # seconds between two looks for what other processes have appended


class Kept(Protocol):
    """What keeps that which is not in the tail."""

    stages: Stages
    state: StateStore

    def checkpoint(self, *, patient: bool = False) -> None:
        """Write what is kept back, when it is time; who is patient is content where it fails for a while."""

    def offset(self, source: str) -> object:
        """Where a source resumes, or None."""

    def close(self) -> None:
        """Write what is kept back, and let go of everything."""


class TailedLog:
    """The part of a `Log` that reads and waits.

    Args:
        keeper: closed with the log.
        tail: what waits.
        where: what it is, for errors.
    """

    def __init__(self, keeper: Kept, tail: Tail, where: str) -> None:
        self.state: StateStore = keeper.state
        self._kept, self._tail, self._where = keeper, tail, where
        self._read = tail.cursor
        self._appending = threading.Lock()
        self._looked_at = time.monotonic()
        self._closed = False

    def read(self, after: int, most: int, most_bytes: int, timeout: float) -> list[Entry]:
        """The records after a cursor; those of other processes are seen after 0.5 s at most."""
        until = time.monotonic() + timeout
        while True:
            self._check()
            if time.monotonic() - self._looked_at >= _LOOK:
                self._looked_at = time.monotonic()
                self._look()
            if entries := self._tail.take(after, most, most_bytes):
                if after <= self._read:
                    self._read = max(self._read, entries[-1].cursor)
                return entries
            self._kept.checkpoint(patient=True)  # nothing to be read is the time for it
            left = until - time.monotonic()
            waited = self._tail.wait(lambda: self._tail.last > after, min(_LOOK, left))
            if waited == "woken" or (waited == "late" and left <= _LOOK):
                self._check()
                return []

    def room(self) -> int:
        """How many records may still be appended."""
        return self._tail.room()

    def wait_for_room(self, timeout: float) -> bool:
        """Wait until there is room; whether there is."""
        self._check()
        return self._tail.wait(lambda: self._tail.room() > 0, timeout) == "ready"

    def backlog(self) -> tuple[int, int]:
        """How many records, and bytes, are not acknowledged."""
        return self._tail.backlog()

    def offset(self, source: str) -> object:
        """Where the source resumes, or None."""
        return self._kept.offset(source)

    def rollback(self, source: str = "") -> None:
        """Forget what is staged since the last commit; with a source, what that has staged since its last append."""
        self._kept.stages.rollback(source)

    def forget(self, scope: Scope) -> None:
        """Forget what is staged of one scope since a commit last wrote it."""
        self._kept.stages.forget(scope)

    def wake(self) -> None:
        """Have each thread that waits return."""
        self._tail.wake()

    def close(self) -> None:
        """Write what a checkpoint has kept back, and let go of everything.

        Raises:
            StateError: it could not be written, and will come again; all is closed nevertheless.
        """
        if self._closed:
            return
        self._closed = True
        self._tail.wake()
        self._kept.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _look(self) -> None:
        """Have the tail hold what other processes have appended."""
        raise NotImplementedError

    def _check(self) -> None:
        if self._closed:
            raise StateError("the log is closed", code="state_closed", where=self._where)
