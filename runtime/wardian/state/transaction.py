"""The one transaction of all stores: writes wait in memory, beside what is committed, until the commit."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol, Self

from wardian.errors import CapabilityError, StateError
from wardian.state.contract import MAX_KEY, MAX_PAGE, MAX_TTL_MS, QuotaExceeded

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from wardian.state.contract import Quota


class Row(NamedTuple):
    """A value as stored, and when it expires, in milliseconds since 1970, or None."""

    value: bytes
    expires: int | None


@dataclass(frozen=True, eq=False, repr=False)
class Ledger:
    """What a store knows of a scope before a transaction's first operation.

    Attributes:
        version: of the last commit; 0 for a scope without one.
        now: the time of the whole transaction, in milliseconds since 1970; never before that of an earlier commit.
        keys: keys stored, expired ones included.
        total: bytes of those.
        expired_keys: how many of them have expired.
        expired_total: bytes of those.
    """

    version: int
    now: int
    keys: int
    total: int
    expired_keys: int
    expired_total: int


@dataclass(frozen=True, eq=False, repr=False)
class Batch:
    """What one commit writes.

    Attributes:
        changes: rows to keep, or None to delete.
        before: the ledger it was made from; a store whose version is another refuses it.
        keys: keys that will be stored once `changes` are in, expired ones included.
        total: bytes of those.
        purge: how many expired rows to delete on top; their number and bytes go off `keys` and `total`.
    """

    changes: Mapping[bytes, Row | None]
    before: Ledger
    keys: int
    total: int
    purge: int


class Shelf(Protocol):
    """The committed state of one scope. The transaction's scope lock keeps other writers away."""

    def ledger(self) -> Ledger:
        """Count what is there."""

    def read(self, key: bytes) -> Row | None:
        """A row, expired or not."""

    def scan(self, low: bytes, high: bytes | None, now: int, limit: int) -> list[bytes]:
        """Unexpired keys from `low` on and before `high`, in byte order."""

    def write(self, batch: Batch) -> None:
        """All of it or nothing, for good."""

    def release(self) -> None:
        """Free the scope; called once, last."""


_PURGE_LEAST = 256  # expired rows deleted by a small commit: about 1 ms of work
_ABSENT = Row(b"", None)


class StagedTransaction:
    """A `Transaction` over any shelf. Holds nothing of the store but the scope's lock until it commits."""

    def __init__(self, shelf: Shelf, quota: Quota) -> None:
        self._shelf: Shelf | None = shelf
        self._quota = quota
        self._ledger: Ledger | None = None
        self._changes: dict[bytes, Row | None] = {}
        self._keys = self._total = 0  # unexpired, own writes included
        self._stale_keys = self._stale_total = 0  # stored and expired, but for those that own writes replace
        self._last: tuple[bytes, Row | None] | None = None  # spares the second read of a get and a put
        self.written = 0

    def get(self, key: bytes) -> bytes | None:
        """The value under a key, or None."""
        shelf, ledger = self._opened()
        row = self._row(shelf, _checked_key(key))
        return None if row is None or _expired(row, ledger.now) else row.value

    def put(self, key: bytes, value: bytes, ttl_ms: int | None = None, *, keep_life: bool = False) -> None:
        """Keep a value; within the quota, counted to the byte."""
        shelf, ledger = self._opened()
        _checked_key(key)
        if not isinstance(value, bytes):
            raise CapabilityError("invalid", f"a value is bytes, not {type(value).__name__}")
        old = self._row(shelf, key)
        live = old is not None and not _expired(old, ledger.now)
        if old is not None and live and keep_life:
            expires = old.expires
        else:
            expires = None if ttl_ms is None else ledger.now + _checked_ttl(ttl_ms)
        keys = self._keys + (0 if live else 1)
        total = self._total + len(value) + len(key) - (_size(key, old) if live else 0)
        self._check_quota(len(value), keys, total)
        self._replace(key, old, Row(value, expires), live=live)
        self._keys, self._total = keys, total
        self.written += len(key) + len(value)

    def delete(self, key: bytes) -> bool:
        """Forget a key; true when it was there."""
        shelf, ledger = self._opened()
        old = self._row(shelf, _checked_key(key))
        if old is None or _expired(old, ledger.now):
            return False
        self._replace(key, old, None, live=True)
        self._keys -= 1
        self._total -= _size(key, old)
        return True

    def keys(self, prefix: bytes = b"", after: bytes | None = None, limit: int = MAX_PAGE) -> list[bytes]:
        """A page of keys in byte order."""
        shelf, ledger = self._opened()
        low, high = _bounds(prefix, after)
        page = _checked_page(limit)
        own = {key: row for key, row in self._changes.items() if low <= key and (high is None or key < high)}
        # Own writes hide at most `len(own)` of the stored keys, so that many more always fill the page.
        found = set(shelf.scan(low, high, ledger.now, page + len(own))) if page else set()
        found.difference_update(own)
        found.update(key for key, row in own.items() if row is not None)
        return sorted(found)[:page]

    def commit(self) -> None:
        """Write everything at once, and free the scope whatever comes of it."""
        shelf = self._end()
        try:
            before = self._ledger
            # Expired rows that were seen are written off even by a call that only read, or they could come back to
            # life when the clock does.
            if before is not None and (self._changes or self._stale_keys):
                shelf.write(
                    Batch(
                        changes=self._changes,
                        before=before,
                        keys=self._keys + self._stale_keys,
                        total=self._total + self._stale_total,
                        # At least as fast as they can be made, so expired rows never pile up.
                        purge=max(_PURGE_LEAST, 2 * len(self._changes)) if self._stale_keys else 0,
                    )
                )
        finally:
            shelf.release()

    def rollback(self) -> None:
        """Write nothing, and free the scope."""
        self._end().release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shelf is not None:
            self.rollback()

    def __del__(self) -> None:
        if self._shelf is not None:
            warnings.warn("a transaction was neither committed nor rolled back", ResourceWarning, stacklevel=2)
            self.rollback()

    def _opened(self) -> tuple[Shelf, Ledger]:
        shelf = self._shelf
        if shelf is None:
            raise _ended()
        if self._ledger is None:
            self._ledger = ledger = shelf.ledger()
            self._keys, self._total = ledger.keys - ledger.expired_keys, ledger.total - ledger.expired_total
            self._stale_keys, self._stale_total = ledger.expired_keys, ledger.expired_total
        return shelf, self._ledger

    def _end(self) -> Shelf:
        shelf, self._shelf = self._shelf, None
        if shelf is None:
            raise _ended()
        return shelf

    def _row(self, shelf: Shelf, key: bytes) -> Row | None:
        if key in self._changes:
            return self._changes[key]
        if self._last is None or self._last[0] != key:
            self._last = (key, shelf.read(key))
        return self._last[1]

    def _replace(self, key: bytes, old: Row | None, new: Row | None, *, live: bool) -> None:
        if old is not None and not live:  # an expired row that this write overwrites
            self._stale_keys -= 1
            self._stale_total -= _size(key, old)
        self._changes[key] = new

    def _check_quota(self, value: int, keys: int, total: int) -> None:
        quota = self._quota
        if value > quota.value:
            raise QuotaExceeded("state_value", value=quota.value, asked=value)
        # A quota may have been lowered under what is stored; then what does not grow is still let through.
        if keys > quota.keys and keys > self._keys:
            raise QuotaExceeded("state_keys", value=quota.keys, asked=keys)
        if total > quota.total and total > self._total:
            raise QuotaExceeded("state_bytes", value=quota.total, asked=total)


def _ended() -> StateError:
    return StateError("this transaction has ended", code="state_closed")


def _expired(row: Row, now: int) -> bool:
    return row.expires is not None and row.expires <= now


def _size(key: bytes, row: Row | None) -> int:
    return len(key) + len((row or _ABSENT).value)


def _checked_key(key: bytes) -> bytes:
    if not isinstance(key, bytes):
        raise CapabilityError("invalid", f"a key is bytes, not {type(key).__name__}")
    if not 1 <= len(key) <= MAX_KEY:
        raise CapabilityError("invalid", f"a key is 1 to {MAX_KEY} bytes, not {len(key)}")
    return key


def _checked_ttl(ttl_ms: int) -> int:
    if type(ttl_ms) is not int or not 0 < ttl_ms <= MAX_TTL_MS:
        raise CapabilityError("invalid", f"`ttl_ms` is a whole number from 1 to {MAX_TTL_MS}, not {ttl_ms!r}")
    return ttl_ms


def _checked_page(limit: int) -> int:
    if type(limit) is not int or limit < 0:
        raise CapabilityError("invalid", f"`limit` is a whole number, not {limit!r}")
    return min(limit, MAX_PAGE)


def _bounds(prefix: bytes, after: bytes | None) -> tuple[bytes, bytes | None]:
    """From which key on, and before which, the keys lie that begin with `prefix` and come after `after`."""
    for name, given in (("prefix", prefix), ("after", after if after is not None else b"")):
        if not isinstance(given, bytes) or len(given) > MAX_KEY:
            raise CapabilityError("invalid", f"`{name}` is bytes, at most {MAX_KEY}")
    low = prefix if after is None or after < prefix else after + b"\0"  # the very next key in byte order
    head = prefix.rstrip(b"\xff")  # 0xff has no successor; the byte before it has
    return low, head[:-1] + bytes([head[-1] + 1]) if head else None
