"""State of a guest: keys and values that last, all of a call's changes or none."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar, Final, cast

from wardian.abi.codec import Bounds, decode, encode
from wardian.capabilities.capability import arguments, whole
from wardian.errors import Cancelled, CapabilityError

if TYPE_CHECKING:
    from wardian.policy import Limits
    from wardian.sandbox.deadline import Call
    from wardian.state.contract import Scope, StateStore, Transaction

from wardian.state.contract import MAX_KEY, MAX_PAGE, MAX_TTL_MS, Quota

_INT_MIN: Final = -(2**63)
_INT_MAX: Final = 2**63 - 1


class State:
    """The state of one instance; its transaction begins with the first use in a call and ends with the call.

    Keys are text or byte strings; a text names the same key as its UTF-8 bytes. Values are any items of the ABI.
    Two calls of one scope that both use state come one after the other.
    """

    settles: ClassVar[int] = 1  # last: whatever fails before it undoes it

    def __init__(self, limits: Limits, store: StateStore, scope: Scope) -> None:
        self._store, self._scope, self._quota = store, scope, Quota.of(limits)
        self._bounds = Bounds(size=max(1, limits.state_value), items=limits.items, depth=limits.depth)
        self._stored = Bounds(size=2**31, items=limits.items, depth=limits.depth)
        self._open: Transaction | None = None

    def get(self, call: Call, request: object) -> object:
        """A key → its value, or null."""
        return self._get(call, _key(request))

    def put(self, call: Call, request: object) -> None:
        """`[key, value]` or `[key, value, ttl_ms]`."""
        parts = arguments(request, 2, 3, "[key, value] or [key, value, ttl_ms]")
        ttl = None if len(parts) < 3 or parts[2] is None else whole(parts[2], "ttl_ms", 1, MAX_TTL_MS)
        self._begun(call).put(_key(parts[0]), encode(parts[1], self._stored), ttl)

    def delete(self, call: Call, request: object) -> bool:
        """A key → whether it was there."""
        return self._begun(call).delete(_key(request))

    def add(self, call: Call, request: object) -> int:
        """`[key, delta]` → the new integer; a missing key counts as 0."""
        parts = arguments(request, 2, 2, "[key, delta]")
        key, delta = _key(parts[0]), whole(parts[1], "delta", _INT_MIN, _INT_MAX)
        kept = self._get(call, key)
        if kept is None:
            kept = 0
        if not isinstance(kept, int) or isinstance(kept, bool):
            raise CapabilityError("invalid", f"the value is no integer, but {type(kept).__name__}")
        total = kept + delta
        if not _INT_MIN <= total <= _INT_MAX:
            raise CapabilityError("invalid", "the sum does not fit 64 bits")
        self._begun(call).put(key, encode(total, self._stored), keep_life=True)
        return total

    def swap(self, call: Call, request: object) -> bool:
        """`[key, expected, value]` → whether it was exchanged; null means absent, on both sides."""
        key, expected, value = arguments(request, 3, 3, "[key, expected, value]")
        key = _key(key)
        if not _same(self._get(call, key), expected):
            return False
        if value is None:
            self._begun(call).delete(key)
        else:
            self._begun(call).put(key, encode(value, self._stored), None)
        return True

    def keys(self, call: Call, request: object) -> list[object]:
        """`[prefix, after_or_null, limit]` → keys in byte order.

        They come as text where the prefix is text and they are UTF-8, else as byte strings.
        """
        prefix, after, limit = arguments(request, 3, 3, "[prefix, after or null, limit]")
        found = self._begun(call).keys(
            _key(prefix, least=0), None if after is None else _key(after), whole(limit, "limit", 0, MAX_PAGE)
        )
        return [_as_text(key) for key in found] if isinstance(prefix, str) else list(found)

    def settle(self, *, succeeded: bool) -> None:
        """Commit the call's changes, or undo them."""
        transaction, self._open = self._open, None
        if transaction is None:
            return
        if succeeded:
            transaction.commit()
        else:
            transaction.rollback()

    def used(self) -> dict[str, int]:
        """Bytes of keys and values that the running call has written, and that its end will keep."""
        return {"state_bytes": 0 if self._open is None else self._open.written}

    def _get(self, call: Call, key: bytes) -> object:
        stored = self._begun(call).get(key)
        return None if stored is None else decode(stored, self._stored)

    def _begun(self, call: Call) -> Transaction:
        if self._open is None:
            try:
                self._open = self._store.begin(
                    self._scope,
                    self._quota,
                    time.monotonic() + call.remaining(),
                    cancelled=lambda: call.ended_by is not None,
                )
            except CapabilityError:
                # Marked here, not left to the ticker: until its next tick the guest could return, or ask for more.
                if call.remaining() <= 0:
                    call.ended_by = call.ended_by or call.due
                raise
            except Cancelled:
                # Whoever marked the call has said why it ends: it may be its deadline. The guest goes on no more.
                raise CapabilityError("transient", "the call has to end") from None
        return self._open


def _key(given: object, least: int = 1) -> bytes:
    key = given.encode("utf-8", "surrogatepass") if isinstance(given, str) else given
    if not isinstance(key, bytes) or not least <= len(key) <= MAX_KEY:
        raise CapabilityError("invalid", f"expected a key: a text or byte string of {least} to {MAX_KEY} bytes")
    return key


def _as_text(key: bytes) -> object:
    try:
        return key.decode()
    except UnicodeDecodeError:
        return key


def _same(kept: object, expected: object) -> bool:
    # 1, 1.0 and true are equal in Python, but not in the ABI, however deep they lie.
    if type(kept) is not type(expected) or kept != expected:
        return False
    if isinstance(kept, list):
        return all(map(_same, kept, cast("list[object]", expected)))
    if isinstance(kept, dict):
        others = cast("dict[object, object]", expected)
        return all(_same(value, others[key]) for key, value in kept.items())
    return True


IMPORTS: Final = {
    "state_get": State.get,
    "state_put": State.put,
    "state_delete": State.delete,
    "state_add": State.add,
    "state_swap": State.swap,
    "state_keys": State.keys,
}
