"""What is staged of one scope: rows over those below, how many there are, and which of them have expired."""

from __future__ import annotations

from bisect import bisect_left
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any, Final, cast

from wardian.state.transaction import Batch, Ledger

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wardian.state.transaction import Row

    Life = tuple[int, int | None] | None
    """The bytes of a row below and when it expires; None where there is no row."""

MISSING: Final[Any] = object()
_SPARE: Final = 1024


class StageRoom:
    """The staged state of one scope; who changes it holds its store's mutex.

    Time never goes back here, so what has expired once is counted once, and never looked at again.

    Args:
        below: what the store below has.
        soonest: when the first row below expires; infinite when none does.
    """

    def __init__(self, below: Ledger, soonest: float) -> None:
        self.version, self._stored, self._stored_total = below.version, below.keys, below.total
        self.soonest = soonest
        self.keys, self.total = below.keys, below.total
        self.written_ms = below.now if below.version else 0
        self.turn = 0  # counts how often it was set back
        self.size = 0
        self.changes: dict[bytes, Row | None] = {}
        self._lives: dict[bytes, Life] = {}  # of the rows below that `changes` hide
        self._before: dict[bytes, Row | None] = {}  # what was staged when it was kept, or `MISSING`
        self._kept = self.keys, self.total, self.written_ms
        self._order: list[bytes] | None = None
        self._clear_ages()

    def write(self, batch: Batch, lives: Mapping[bytes, Life], purged: Sequence[tuple[bytes, Life]]) -> None:
        """Stage what a transaction has changed, and delete rows that have expired."""
        self.keys, self.total = batch.keys, batch.total
        for key, row in batch.changes.items():
            self._put(key, row, lives.get(key))
        self._order = None
        self.written_ms = batch.before.now
        if not batch.purge:
            return
        for key, life in purged:
            self.keys, self.total = self.keys - 1, self.total - (life[0] if life else 0)
            self._put(key, None, life)
        for key in list(self._gone)[: batch.purge - len(purged)]:
            self.keys, self.total = self.keys - 1, self.total - self._gone[key]
            self._put(key, None, None)

    def batch(self, *, held: bool) -> Batch | None:
        """What is to be written below, or None; of a held scope what was kept of it."""
        changes, (keys, total, written_ms) = self.changes, (self.keys, self.total, self.written_ms)
        if held and self._before:
            changes, (keys, total, written_ms) = self._as_kept(), self._kept
        if not changes:
            return None
        before = Ledger(self.version, written_ms, self._stored, self._stored_total, 0, 0)
        return Batch(changes=dict(changes), before=before, keys=keys, total=total, purge=0)

    def settle(self, batch: Batch) -> None:
        """The batch is written below: let go of it, and keep what was staged since."""
        self.version, self._stored, self._stored_total = batch.before.version + 1, batch.keys, batch.total
        self.soonest = min([self.soonest, *(row.expires for row in batch.changes.values() if row and row.expires)])
        written = batch.changes
        left = {key: row for key, row in self.changes.items() if written.get(key, MISSING) is not row}
        lives = {key: _life(key, written[key]) if key in written else self._lives[key] for key in left}
        self._before = {key: MISSING if key in written else self._before.get(key, MISSING) for key in left}
        self._kept = batch.keys, batch.total, batch.before.now
        self._replace(left, lives)

    def keep(self) -> None:
        """What is staged now is what `forget` goes back to."""
        self._before.clear()
        self._kept = self.keys, self.total, self.written_ms

    def forget(self) -> None:
        """Go back to what was kept, or is below."""
        if self._before:
            kept = self._as_kept()
            self._before = {}
            self._replace(kept, {key: self._lives[key] for key in kept})
            self.keys, self.total, _ = self._kept  # its time stays: no later transaction is before it
        self.turn += 1

    def expired(self, now: int) -> tuple[int, int, int, int]:
        """How many rows below have expired and are hidden, and their bytes; and the same of what is staged."""
        while self._aged and self._aged[0][0] <= now:
            self.hidden_keys += 1
            self._hidden_total += heappop(self._aged)[1]
        while self._aging and self._aging[0][0] <= now:
            expires, key = heappop(self._aging)
            if (row := self.changes.get(key)) is not None and row.expires == expires:
                self._gone[key] = len(key) + len(row.value)
        return self.hidden_keys, self._hidden_total, len(self._gone), sum(self._gone.values())

    def between(self, low: bytes, high: bytes | None) -> dict[bytes, Row | None]:
        """What is staged from one key on and before another."""
        if self._order is None:
            self._order = sorted(self.changes)
        first = bisect_left(self._order, low)
        last = len(self._order) if high is None else bisect_left(self._order, high)
        return {key: self.changes[key] for key in self._order[first:last]}

    def _put(self, key: bytes, row: Row | None, life: Life) -> None:
        old = self.changes.get(key, MISSING)
        if key not in self._before:
            self._before[key] = old
        if old is MISSING:
            self._lives[key] = life
            if life is not None and life[1] is not None:
                heappush(self._aged, (life[1], life[0]))
            self.size += len(key)
        else:
            self._gone.pop(key, None)
            self.size -= 0 if old is None else len(cast("Row", old).value)
        self.changes[key] = row
        if row is not None:
            self.size += len(row.value)
            if row.expires is not None:
                heappush(self._aging, (row.expires, key))
                if len(self._aging) > 2 * len(self.changes) + _SPARE:  # most of them are of rows that were replaced
                    self._aging[:] = sorted(
                        (row.expires, key) for key, row in self.changes.items() if row and row.expires
                    )

    def _as_kept(self) -> dict[bytes, Row | None]:
        was = {key: self._before.get(key, row) for key, row in self.changes.items()}
        return {key: row for key, row in was.items() if row is not MISSING}

    def _replace(self, changes: Mapping[bytes, Row | None], lives: Mapping[bytes, Life]) -> None:
        before = self._before
        self.changes, self._lives, self._before = {}, {}, {}
        self.size, self._order = 0, None
        self._clear_ages()
        for key, row in changes.items():
            self._put(key, row, lives[key])
        self._before = before

    def _clear_ages(self) -> None:
        self._aged: list[tuple[int, int]] = []  # rows below that are hidden and will expire: when, and their bytes
        self._aging: list[tuple[int, bytes]] = []  # rows that are staged and will expire
        self.hidden_keys = self._hidden_total = 0
        self._gone: dict[bytes, int] = {}  # rows that are staged and have expired, with their bytes


def _life(key: bytes, row: Row | None) -> Life:
    return None if row is None else (len(key) + len(row.value), row.expires)
