"""State that waits for somebody else's transaction: calls commit into memory, and whoever owns the stage writes it all.

A pipeline writes the state of its plugins together with its cursor. So what a call commits to a stage is seen by the
next call at once, and is on disk only with what it belongs to; until then it can be forgotten.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, NamedTuple, Protocol, Self

from wardian.errors import CapabilityError, StateError
from wardian.state.contract import Usage, never_cancelled
from wardian.state.scope_lock import ScopeLocks
from wardian.state.stage_room import MISSING, StageRoom
from wardian.state.transaction import Batch, Ledger, Shelf, StagedTransaction

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from types import TracebackType

    from wardian.state.clock import StateClock
    from wardian.state.contract import Quota, Scope, Transaction
    from wardian.state.stage_room import Life
    from wardian.state.transaction import Row


class SettledShelf(Shelf, Protocol):
    """What a stage asks of the shelf below it, besides."""

    def soonest(self) -> float:
        """When the first row expires, in milliseconds since 1970; infinite when none does."""

    def expired(self, now: int, limit: int) -> list[bytes]:
        """So many of the expired keys, those first that expired first."""


class SettledStore(Protocol):
    """What a stage asks of the store below it. Only the stage writes to the scopes that it has."""

    clock: StateClock

    def shelf(self, scope: Scope) -> SettledShelf:
        """The committed state of a scope. It does not hold the scope, and is never released."""

    def clear(self, scope: Scope, deadline_at: float | None = None) -> None:
        """Forget all of a scope."""

    def scopes(self) -> list[Usage]:
        """Every scope that has state."""


class Staged(NamedTuple):
    """What is to be written of one scope."""

    scope: Scope
    batch: Batch


class StagedStore:
    """A `StateStore` over a store, whose transactions commit into memory.

    What is staged is the owner's: `staged` gives it to be written below, and `settle` says that it was. What is not
    written yet may be kept by `keep`; `forget` goes back to what was kept or written last. Closing it writes nothing,
    and does not close the store below.
    """

    def __init__(self, below: SettledStore) -> None:
        self.below = below
        self.clock = below.clock
        self.locks = ScopeLocks()
        self.mutex = threading.Lock()
        self._rooms: dict[Scope, StageRoom] = {}
        self._closed = False

    def begin(
        self, scope: Scope, quota: Quota, deadline_at: float, *, cancelled: Callable[[], bool] = never_cancelled
    ) -> Transaction:
        """Wait for the scope and begin a transaction on it."""
        self.check()
        self.locks.acquire(scope, deadline_at, cancelled)
        return StagedTransaction(_StagedShelf(self, scope), quota)

    def clear(self, scope: Scope, deadline_at: float | None = None) -> None:
        """Forget all of a scope, here and below, once it is free; this is not staged."""
        self.check()
        self.locks.acquire(scope, time.monotonic() + 5.0 if deadline_at is None else deadline_at, never_cancelled)
        try:
            self.below.clear(scope, deadline_at)
            with self.mutex:
                self._rooms.pop(scope, None)
        finally:
            self.locks.release(scope)

    def scopes(self) -> list[Usage]:
        """Every scope that has state, in order of its names; what is staged is counted."""
        self.check()
        found = {usage.scope: usage for usage in self.below.scopes()}
        with self.mutex:
            for scope, room in self._rooms.items():
                if room.changes:
                    found[scope] = Usage(scope, room.keys, room.total, room.written_ms)
        return sorted(found.values(), key=lambda usage: (usage.scope.plugin.encode(), usage.scope.instance.encode()))

    def staged(self, of: Callable[[Scope], bool] | None = None, held: Collection[Scope] | None = ()) -> list[Staged]:
        """What is to be written below.

        Args:
            of: which scopes; by default all of them.
            held: scopes of which only that is to be written which was kept; None holds all.
        """
        with self.mutex:
            return [
                Staged(scope, batch)
                for scope, room in self._rooms.items()
                if (of is None or of(scope)) and (batch := room.batch(held=held is None or scope in held)) is not None
            ]

    def settle(self, written: Collection[Staged]) -> None:
        """These are written below; what was staged meanwhile stays."""
        with self.mutex:
            for scope, batch in written:
                if (room := self._rooms.get(scope)) is not None:
                    room.settle(batch)

    def keep(self, held: Collection[Scope] = ()) -> None:
        """Nothing of what is staged now will be forgotten, but for held scopes."""
        with self.mutex:
            for scope, room in self._rooms.items():
                if scope not in held:
                    room.keep()

    def forget(self, of: Callable[[Scope], bool] | None = None) -> None:
        """Forget what is staged and was not kept; transactions that are open then cannot be committed."""
        with self.mutex:
            for scope, room in self._rooms.items():
                if of is None or of(scope):
                    room.forget()

    def size(self) -> int:
        """Bytes of the keys and values that are staged, about."""
        with self.mutex:
            return sum(room.size for room in self._rooms.values())

    def close(self) -> None:
        """Forget what is staged."""
        self._closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def check(self) -> None:
        """Raise `state_closed` after the end."""
        if self._closed:
            raise StateError("the state store is closed", code="state_closed")

    def room(self, scope: Scope) -> StageRoom:
        """What is known of a scope; for the transactions of this store, which hold it."""
        self.check()
        if (room := self._rooms.get(scope)) is None:
            shelf = self.below.shelf(scope)
            ledger = shelf.ledger()
            room = StageRoom(ledger, shelf.soonest() if ledger.keys else float("inf"))
            with self.mutex:
                self._rooms[scope] = room
        return room

    def has(self, scope: Scope, room: StageRoom) -> bool:
        """Whether that is still the room of the scope."""
        return self._rooms.get(scope) is room


class _StagedShelf:
    """The `Shelf` of a stage: what is staged lies over what is below."""

    def __init__(self, store: StagedStore, scope: Scope) -> None:
        self._store, self._scope = store, scope
        self._below = store.below.shelf(scope)
        self._seen: dict[bytes, Life] = {}  # rows below that this transaction has looked at
        self._room: StageRoom | None = None
        self._turn = 0

    def ledger(self) -> Ledger:
        room = self._room = self._store.room(self._scope)
        self._turn = room.turn
        now = self._store.clock.now(room.written_ms)
        expired_keys = expired_total = 0
        if now >= room.soonest:
            under = self._below.ledger()
            now = max(now, under.now)
            if not under.expired_keys:
                room.soonest = self._below.soonest()
            expired_keys, expired_total = under.expired_keys, under.expired_total
        with self._store.mutex:
            hidden_keys, hidden_total, own_keys, own_total = room.expired(now)
        return Ledger(
            version=room.version,
            now=now,
            keys=room.keys,
            total=room.total,
            expired_keys=expired_keys - hidden_keys + own_keys,
            expired_total=expired_total - hidden_total + own_total,
        )

    def read(self, key: bytes) -> Row | None:
        self._store.check()
        room = self._opened()
        staged: Row | None = room.changes.get(key, MISSING)
        if staged is not MISSING:
            return staged
        row = self._below.read(key)
        self._seen[key] = None if row is None else (len(key) + len(row.value), row.expires)
        return row

    def scan(self, low: bytes, high: bytes | None, now: int, limit: int) -> list[bytes]:
        self._store.check()
        with self._store.mutex:
            own = self._opened().between(low, high)
        found = set(self._below.scan(low, high, now, limit + len(own)))
        found.difference_update(own)
        found.update(key for key, row in own.items() if row is not None and not (row.expires and row.expires <= now))
        return sorted(found)[:limit]

    def write(self, batch: Batch) -> None:
        self._store.check()
        room = self._opened()
        purged = self._to_purge(room, batch) if batch.purge else []
        lives = {key: self._life(key) for key in batch.changes if key not in room.changes}
        with self._store.mutex:
            if room.turn != self._turn or not self._store.has(self._scope, room):
                raise CapabilityError("conflict", "this state was set back meanwhile")
            room.write(batch, lives, purged)

    def release(self) -> None:
        self._store.locks.release(self._scope)

    def _opened(self) -> StageRoom:
        room = self._room
        if room is None:  # the transaction counts what is there before anything else
            raise StateError("this transaction has not begun")
        return room

    def _life(self, key: bytes) -> Life:
        if key not in self._seen:  # it was staged when it was read, and was written below since then
            row = self._below.read(key)
            self._seen[key] = None if row is None else (len(key) + len(row.value), row.expires)
        return self._seen[key]

    def _to_purge(self, room: StageRoom, batch: Batch) -> list[tuple[bytes, Life]]:
        """Expired rows below that nothing staged hides yet, each with its life."""
        hidden = room.hidden_keys
        if batch.before.now < room.soonest:
            return []
        keys = self._below.expired(batch.before.now, batch.purge + hidden + len(batch.changes))
        fresh = [key for key in keys if key not in room.changes and key not in batch.changes]
        return [(key, self._life(key)) for key in fresh[: batch.purge]]
