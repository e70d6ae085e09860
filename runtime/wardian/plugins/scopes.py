"""Whose state is in use: of two uses that would share their state, the second is refused."""

from __future__ import annotations

import threading
import weakref

from wardian.errors import ConfigError


class Claim:
    """The sole use of one scope of state, until it is released, or whoever holds it is gone."""

    def __init__(self) -> None:
        self.released = False

    def release(self) -> None:
        """Let others have it; a second time does nothing."""
        self.released = True


class Scopes:
    """The scopes of state that the uses of one runtime hold. Threads: any number."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._claims: weakref.WeakValueDictionary[tuple[str, str], Claim] = weakref.WeakValueDictionary()

    def claim(self, plugin: str, symbol: str, instance: str) -> Claim:
        """The claim on a scope, for who keeps it.

        Raises:
            ConfigError: somebody else has it.
        """
        key = plugin, scope_name(symbol, instance)
        with self._lock:
            other = self._claims.get(key)
            if other is not None and not other.released:
                raise ConfigError(
                    f"another use of `{symbol or plugin}` keeps its state as the instance `{instance}`", where=plugin,
                    hint="give one of them an `instance` of its own, or close the other one first",
                )  # fmt: skip
            claim = self._claims[key] = Claim()
            return claim


def scope_name(symbol: str, instance: str) -> str:
    """The name of a use's scope within those of its plugin; a symbol's name has no colon, so no two are alike."""
    return f"{symbol}:{instance}"
