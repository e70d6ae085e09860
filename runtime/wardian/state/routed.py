"""State in several stores: whose state it is says in which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from wardian.errors import StateError
from wardian.state.contract import never_cancelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType

    from wardian.state.contract import Quota, Scope, StateStore, Transaction, Usage


class RoutedStore:
    """A `StateStore` that keeps nothing itself. Closing it closes none of the stores, whose owners are others.

    Args:
        route: the store of a scope, asked at the beginning of each transaction; it may raise a `StateError`.
        scopes: every scope that has state in one of the stores.
    """

    def __init__(self, route: Callable[[Scope], StateStore], scopes: Callable[[], Iterable[Usage]]) -> None:
        self._route, self._scopes = route, scopes
        self._closed = False

    def begin(
        self, scope: Scope, quota: Quota, deadline_at: float, *, cancelled: Callable[[], bool] = never_cancelled
    ) -> Transaction:
        """Begin a transaction in the store of the scope."""
        return self._to(scope).begin(scope, quota, deadline_at, cancelled=cancelled)

    def clear(self, scope: Scope, deadline_at: float | None = None) -> None:
        """Forget all of a scope."""
        self._to(scope).clear(scope, deadline_at)

    def scopes(self) -> list[Usage]:
        """Every scope that has state in one of the stores, in order of its names."""
        self._check()
        return sorted(self._scopes(), key=lambda usage: (usage.scope.plugin.encode(), usage.scope.instance.encode()))

    def close(self) -> None:
        """Route no more."""
        self._closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _to(self, scope: Scope) -> StateStore:
        self._check()
        return self._route(scope)

    def _check(self) -> None:
        if self._closed:
            raise StateError("the state store is closed", code="state_closed")
