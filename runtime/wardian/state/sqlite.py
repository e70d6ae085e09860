"""State in one SQLite file, shared by threads and processes; what is committed outlives them."""

from __future__ import annotations

import time
from math import inf
from typing import TYPE_CHECKING, Final, Self

from wardian.errors import CapabilityError
from wardian.state.clock import StateClock
from wardian.state.contract import Scope, Usage, never_cancelled
from wardian.state.database import Database
from wardian.state.scope_lock import ScopeLocks
from wardian.state.transaction import Batch, Ledger, Row, StagedTransaction

if TYPE_CHECKING:
    import os
    import sqlite3
    from collections.abc import Callable
    from types import TracebackType

    from wardian.state.contract import Quota, Transaction
    from wardian.state.database import Synchronous


class SqliteStore:
    """A `StateStore` in a file, beside which lies a `-lock` file.

    A transaction holds its scope by a byte of the lock file, and SQLite's own lock only while it commits: a plugin that
    dawdles in its transaction keeps nobody waiting but itself.

    Args:
        path: the file, made with its directory when there is none.
        synchronous: `FULL` keeps every commit through a power failure, `NORMAL` through a crash of the process only.
        patience: seconds to wait for another process's commit.
        max_bytes: how large the file may grow, or None.
        now_ms: the time in milliseconds since 1970, for tests.
        tables: statements that make what its owner keeps in the file besides.

    Raises:
        StateError: `state_corrupt`, `state_newer`, or that the path cannot be used. Nothing is repaired or made anew.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        synchronous: Synchronous = "NORMAL",
        patience: float = 5.0,
        max_bytes: int | None = None,
        now_ms: Callable[[], int] | None = None,
        tables: str = "",
    ) -> None:
        self.database = Database(path, synchronous=synchronous, patience=patience, max_bytes=max_bytes, tables=tables)
        try:
            self.locks = ScopeLocks(self.database.path.with_name(self.database.path.name + "-lock"))
        except BaseException:
            self.database.close()
            raise
        self.clock = StateClock(now_ms)
        self._patience = patience

    def begin(
        self, scope: Scope, quota: Quota, deadline_at: float, *, cancelled: Callable[[], bool] = never_cancelled
    ) -> Transaction:
        """Wait for the scope and begin a transaction on it; the file is first read by its first operation."""
        self.database.check()
        self.locks.acquire(scope, deadline_at, cancelled)
        return StagedTransaction(_SqliteShelf(self, scope), quota)

    def shelf(self, scope: Scope) -> _SqliteShelf:
        """The committed state of a scope, for a stage over it; the scope is not held."""
        return _SqliteShelf(self, scope)

    def put(self, connection: sqlite3.Connection, scope: Scope, batch: Batch) -> None:
        """Write what one commit to a scope writes, within a transaction of `database` that may write more.

        Raises:
            CapabilityError: `conflict` when the scope is not as it was when the batch was made.
        """
        _write(connection, (scope.plugin, scope.instance), batch)

    def clear(self, scope: Scope, deadline_at: float | None = None) -> None:
        """Forget all of a scope, once it is free."""
        self.database.check()
        names = (scope.plugin, scope.instance)

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM entry WHERE plugin = ? AND instance = ?", names)
            connection.execute("DELETE FROM scope WHERE plugin = ? AND instance = ?", names)

        until = time.monotonic() + self._patience if deadline_at is None else deadline_at
        self.locks.acquire(scope, until, never_cancelled)
        try:
            self.database.write(work)
        finally:
            self.locks.release(scope)

    def scopes(self) -> list[Usage]:
        """Every scope that has state, in order of its names."""
        rows = self.database.select(
            "SELECT plugin, instance, keys, total, written_ms FROM scope ORDER BY plugin, instance", ()
        )
        return [Usage(Scope(plugin, instance), *numbers) for plugin, instance, *numbers in rows]

    def close(self) -> None:
        """Close the file, after a commit that is under way."""
        self.database.close()
        self.locks.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


_LEDGER: Final = "SELECT version, written_ms, keys, total FROM scope WHERE plugin = ? AND instance = ?"
_EXPIRED: Final = (
    "SELECT count(*), coalesce(sum(length(key) + length(value)), 0) FROM entry INDEXED BY entry_expires"
    " WHERE plugin = ? AND instance = ? AND expires <= ?"
)
_SOONEST: Final = (
    "SELECT key, length(key) + length(value) FROM entry INDEXED BY entry_expires"
    " WHERE plugin = ? AND instance = ? AND expires <= ? ORDER BY expires LIMIT ?"
)
_FIRST_END: Final = (
    "SELECT min(expires) FROM entry INDEXED BY entry_expires WHERE plugin = ? AND instance = ? AND expires IS NOT NULL"
)
_READ: Final = "SELECT value, expires FROM entry WHERE plugin = ? AND instance = ? AND key = ?"
_SCAN: Final = (
    "SELECT key FROM entry WHERE plugin = ? AND instance = ? AND key >= ? AND (expires IS NULL OR expires > ?)"
)
_SCAN_FROM: Final = f"{_SCAN} ORDER BY key LIMIT ?"
_SCAN_BETWEEN: Final = f"{_SCAN} AND key < ? ORDER BY key LIMIT ?"
_KEEP: Final = "INSERT OR REPLACE INTO entry (plugin, instance, key, value, expires) VALUES (?, ?, ?, ?, ?)"
_DELETE: Final = "DELETE FROM entry WHERE plugin = ? AND instance = ? AND key = ?"
_FIRST: Final = (
    "INSERT INTO scope (plugin, instance, version, keys, total, written_ms) VALUES (?, ?, 1, ?, ?, ?)"
    " ON CONFLICT DO NOTHING"
)
_NEXT: Final = (
    "UPDATE scope SET version = version + 1, keys = ?, total = ?, written_ms = ?"
    " WHERE plugin = ? AND instance = ? AND version = ?"
)


class _SqliteShelf:
    """The `Shelf` of a SQLite store."""

    def __init__(self, store: SqliteStore, scope: Scope) -> None:
        self._store, self._scope = store, scope
        self._names = (scope.plugin, scope.instance)

    def ledger(self) -> Ledger:
        select = self._store.database.select
        rows = select(_LEDGER, self._names)
        version, written_ms, keys, total = rows[0] if rows else (0, 0, 0, 0)
        now = self._store.clock.now(written_ms)
        ((expired_keys, expired_total),) = select(_EXPIRED, (*self._names, now)) if keys else ((0, 0),)
        return Ledger(version, now, keys, total, expired_keys, expired_total)

    def read(self, key: bytes) -> Row | None:
        rows = self._store.database.select(_READ, (*self._names, key))
        return Row(*rows[0]) if rows else None

    def scan(self, low: bytes, high: bytes | None, now: int, limit: int) -> list[bytes]:
        if high is None:
            rows = self._store.database.select(_SCAN_FROM, (*self._names, low, now, limit))
        else:
            rows = self._store.database.select(_SCAN_BETWEEN, (*self._names, low, now, high, limit))
        return [key for (key,) in rows]

    def write(self, batch: Batch) -> None:
        self._store.database.write(lambda connection: _write(connection, self._names, batch))

    def soonest(self) -> float:
        ((found,),) = self._store.database.select(_FIRST_END, self._names)
        return inf if found is None else found

    def expired(self, now: int, limit: int) -> list[bytes]:
        rows = self._store.database.select(_SOONEST, (*self._names, now, limit))
        return [key for key, _ in rows]

    def release(self) -> None:
        self._store.locks.release(self._scope)


def _write(connection: sqlite3.Connection, names: tuple[str, str], batch: Batch) -> None:
    before, keys, total = batch.before, batch.keys, batch.total
    for key, row in batch.changes.items():
        if row is None:
            connection.execute(_DELETE, (*names, key))
        else:
            connection.execute(_KEEP, (*names, key, *row))
    if batch.purge:
        for key, size in connection.execute(_SOONEST, (*names, before.now, batch.purge)).fetchall():
            connection.execute(_DELETE, (*names, key))
            keys, total = keys - 1, total - size
    if before.version:
        written = connection.execute(_NEXT, (keys, total, before.now, *names, before.version))
    else:
        written = connection.execute(_FIRST, (*names, keys, total, before.now))
    # The scope's lock keeps others away. Should it ever not, as when its file was deleted while in use, then the
    # later of two commits fails here instead of overwriting what it never read.
    if written.rowcount != 1:
        raise CapabilityError("conflict", "another transaction has changed this state meanwhile")
