"""What a store of plugins' state promises: scopes, quotas, transactions.

A store keeps opaque bytes under keys of bytes. Nothing here knows what a value means; who needs to add or to exchange
does it by `get` and `put` inside one transaction, which no other transaction of its scope can come between.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, Self

from wardian.errors import CapabilityError, ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from wardian.policy import Limits

MAX_KEY: Final = 512  # bytes; a store may index whole keys
MAX_PAGE: Final = 10_000  # keys of one listing: at most 5 MB of keys at once
MAX_TTL_MS: Final = 100 * 365 * 86_400_000  # a century; far from the end of a 64-bit number of milliseconds


@dataclass(frozen=True)
class Scope:
    """Whose state it is. The two names stay apart in every store, so no name can be made to read another's state.

    Raises:
        ConfigError: for a name that is not UTF-8 text.
    """

    plugin: str
    instance: str

    def __post_init__(self) -> None:
        """Refuse what no store could write as it is."""
        for field, name in (("plugin", self.plugin), ("instance", self.instance)):
            try:
                name.encode()
            except UnicodeEncodeError as error:
                raise ConfigError(f"the {field} name {name!r} is not UTF-8 text") from error


@dataclass(frozen=True)
class Quota:
    """How much one scope may keep.

    Attributes:
        keys: unexpired keys.
        total: bytes of all unexpired keys and values together.
        value: bytes of one value.
    """

    keys: int
    total: int
    value: int

    @classmethod
    def of(cls, limits: Limits) -> Quota:
        """The part of the limits that bounds state."""
        return cls(keys=limits.state_keys, total=limits.state_bytes, value=limits.state_value)


@dataclass(frozen=True)
class Usage:
    """What a scope takes in its store.

    Attributes:
        scope: whose state it is.
        keys: keys stored, those included that have expired and are not yet deleted.
        total: bytes of those keys and their values.
        written_ms: when it was last written, in milliseconds since 1970.
    """

    scope: Scope
    keys: int
    total: int
    written_ms: int


class QuotaExceeded(CapabilityError):  # noqa: N818 - the name of what happened, as in `wardian.errors`
    """A `put` asked for more than its scope may keep; nothing of it was kept, and the transaction goes on.

    Attributes:
        limit: `state_keys`, `state_bytes` or `state_value`.
        value: what that limit allows.
        asked: what the scope, or the value, would have come to.
    """

    def __init__(self, limit: str, *, value: int, asked: int) -> None:
        unit = "keys" if limit == "state_keys" else "bytes"
        super().__init__(
            "exhausted",
            f"`{limit}` allows {value} {unit}, this would make {asked}",
            guest_code=limit,
            details={"limit": limit, "value": value, "asked": asked},
        )
        self.limit = limit
        self.value = value
        self.asked = asked


def never_cancelled() -> bool:
    """The wish of a caller that never gives up before its deadline."""
    return False


class Transaction(Protocol):
    """The state of one scope during one call: all of it is kept by `commit`, or none.

    It sees its own writes, nobody else does before the commit, and time stands still in it: what was not expired at its
    first operation stays readable to its end. It ends exactly once, by `commit` or `rollback`; leaving its `with` block
    rolls back what has not ended. It belongs to one thread at a time.

    Raises:
        CapabilityError: `invalid`, from any operation, for an argument that no store takes.
        StateError: from any operation when the store fails; `state_closed` after the end.
    """

    @property
    def written(self) -> int:
        """Bytes of keys and values put so far, those overwritten since included."""

    def get(self, key: bytes) -> bytes | None:
        """The value under a key, or None."""

    def put(self, key: bytes, value: bytes, ttl_ms: int | None = None, *, keep_life: bool = False) -> None:
        """Keep a value under a key of 1 to 512 bytes, for `ttl_ms` milliseconds or until deleted.

        Each `put` sets the life of its key anew, unless it is to keep the one that a live key has.

        Raises:
            QuotaExceeded: when the scope would grow beyond its quota.
        """

    def delete(self, key: bytes) -> bool:
        """Forget a key; true when it was there."""

    def keys(self, prefix: bytes = b"", after: bytes | None = None, limit: int = MAX_PAGE) -> list[bytes]:
        """The first `limit` keys that begin with `prefix` and come after `after`, in byte order; at most 10,000."""

    def commit(self) -> None:
        """Keep everything, or on an error nothing. The transaction has ended either way.

        Raises:
            CapabilityError: `conflict` when somebody wrote to the scope past its lock.
            StateError: when the store could not write.
        """

    def rollback(self) -> None:
        """Keep nothing."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class StateStore(Protocol):
    """Where state lives. Any number of threads may use one store; who opened it closes it."""

    def begin(
        self, scope: Scope, quota: Quota, deadline_at: float, *, cancelled: Callable[[], bool] = never_cancelled
    ) -> Transaction:
        """Wait for the scope to be free and begin a transaction on it.

        Transactions of one scope come one after the other; those of different scopes do not wait for each other.

        Args:
            scope: whose state.
            quota: what it may keep; a scope that is already larger may shrink but not grow.
            deadline_at: until when to wait, as `time.monotonic()` counts. A free scope is had even past it.
            cancelled: asked some times each second while waiting.

        Raises:
            CapabilityError: `conflict` when this very thread holds the scope; `transient` when the wait was too long.
            Cancelled: when `cancelled` said so.
        """

    def clear(self, scope: Scope, deadline_at: float | None = None) -> None:
        """Forget all of a scope, once it is free; waits for 5 s unless told otherwise. Raises as `begin` does."""

    def scopes(self) -> list[Usage]:
        """Every scope that has state, in order of its names."""

    def close(self) -> None:
        """Let go of everything; open transactions can only be rolled back. Closing twice is fine."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
