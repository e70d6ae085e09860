"""State in a dictionary: for tests, and for plugins whose state may end with the process."""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import islice
from math import inf
from typing import TYPE_CHECKING, Self

from wardian.errors import StateError
from wardian.state.clock import StateClock
from wardian.state.contract import Scope, Usage, never_cancelled
from wardian.state.scope_lock import ScopeLocks
from wardian.state.transaction import Batch, Ledger, Row, StagedTransaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from wardian.state.contract import Quota, Transaction


class MemoryStore:
    """A `StateStore` that forgets everything when closed.

    Args:
        now_ms: the time in milliseconds since 1970, for tests.
    """

    def __init__(self, *, now_ms: Callable[[], int] | None = None) -> None:
        self.clock = StateClock(now_ms)
        self.locks = ScopeLocks()
        self.mutex = threading.Lock()
        self._rooms: dict[Scope, _Room] | None = {}

    def begin(
        self, scope: Scope, quota: Quota, deadline_at: float, *, cancelled: Callable[[], bool] = never_cancelled
    ) -> Transaction:
        """Wait for the scope and begin a transaction on it."""
        self.open_rooms()
        self.locks.acquire(scope, deadline_at, cancelled)
        try:
            return StagedTransaction(_MemoryShelf(self, scope), quota)
        except BaseException:
            self.locks.release(scope)
            raise

    def shelf(self, scope: Scope) -> _MemoryShelf:
        """The committed state of a scope, for a stage over it; the scope is not held."""
        return _MemoryShelf(self, scope)

    def clear(self, scope: Scope, deadline_at: float | None = None) -> None:
        """Forget all of a scope, once it is free."""
        rooms = self.open_rooms()
        self.locks.acquire(scope, time.monotonic() + 5.0 if deadline_at is None else deadline_at, never_cancelled)
        try:
            with self.mutex:
                rooms.pop(scope, None)
        finally:
            self.locks.release(scope)

    def scopes(self) -> list[Usage]:
        """Every scope that has state, in order of its names."""
        with self.mutex:
            rooms = self.open_rooms().items()
            usages = [Usage(scope, len(room.rows), room.total, room.written_ms) for scope, room in rooms]
        return sorted(usages, key=lambda usage: (usage.scope.plugin.encode(), usage.scope.instance.encode()))

    def snapshot(self, scope: Scope) -> dict[bytes, bytes]:
        """The committed values of a scope that have not expired, in order of their keys."""
        with self.mutex:
            room = self.open_rooms().get(scope) or _Room()
            rows = sorted(room.rows.items())
        now = self.clock.now()
        return {key: row.value for key, row in rows if row.expires is None or row.expires > now}

    def close(self) -> None:
        """Forget everything."""
        self._rooms = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def open_rooms(self) -> dict[Scope, _Room]:
        """What is committed, or `state_closed`; for the transactions of this store."""
        if self._rooms is None:
            raise StateError("the state store is closed", code="state_closed")
        return self._rooms


@dataclass(eq=False, repr=False)
class _Room:
    """The committed state of a scope."""

    rows: dict[bytes, Row] = field(default_factory=dict)
    order: list[bytes] | None = None  # the keys, sorted, once somebody has listed them
    total: int = 0
    soonest: float = inf  # no row expires before, so that most transactions need not look at each
    written_ms: int = 0


class _MemoryShelf:
    """The `Shelf` of a memory store. Who holds the scope reads freely; the mutex is for those who do not."""

    def __init__(self, store: MemoryStore, scope: Scope) -> None:
        self._store, self._scope = store, scope
        self._room = store.open_rooms().get(scope) or _Room()

    @property
    def room(self) -> _Room:
        """The room of the scope; one of its own until there is one."""
        return self._store.open_rooms().get(self._scope, self._room)

    def ledger(self) -> Ledger:
        room, now = self.room, self._store.clock.now()
        expired = _expired(room, now)
        return Ledger(
            version=0,
            now=now,
            keys=len(room.rows),
            total=room.total,
            expired_keys=len(expired),
            expired_total=sum(len(key) + len(room.rows[key].value) for key in expired),
        )

    def read(self, key: bytes) -> Row | None:
        return self.room.rows.get(key)

    def scan(self, low: bytes, high: bytes | None, now: int, limit: int) -> list[bytes]:
        room = self.room
        if room.order is None:
            room.order = sorted(room.rows)
        first = bisect_left(room.order, low)
        last = len(room.order) if high is None else bisect_left(room.order, high)
        gone = set(_expired(room, now))
        return list(islice((key for key in islice(room.order, first, last) if key not in gone), limit))

    def write(self, batch: Batch) -> None:
        room = self.room
        rows = room.rows
        with self._store.mutex:
            self._store.open_rooms()[self._scope] = room
            for key, row in batch.changes.items():
                if row is None:
                    rows.pop(key, None)
                else:
                    rows[key] = row
                    room.soonest = min(room.soonest, inf if row.expires is None else row.expires)
            room.total = batch.total
            for key in _expired(room, batch.before.now)[: batch.purge]:
                room.total -= len(key) + len(rows.pop(key).value)
            if batch.purge:
                room.soonest = min((row.expires for row in rows.values() if row.expires is not None), default=inf)
            room.order = None
            room.written_ms = batch.before.now

    def soonest(self) -> float:
        return self.room.soonest

    def expired(self, now: int, limit: int) -> list[bytes]:
        return _expired(self.room, now)[:limit]

    def release(self) -> None:
        self._store.locks.release(self._scope)


def _expired(room: _Room, now: int) -> list[bytes]:
    if now < room.soonest:
        return []
    return [key for key, row in room.rows.items() if row.expires is not None and row.expires <= now]
