"""Actions of the application, which a guest calls by their names; each may be a plugin of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wardian.capabilities.application import ask_nested
from wardian.capabilities.capability import arguments, found, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wardian.sandbox.deadline import Call


class Actions:
    """Calls actions for a guest.

    Args:
        actions: each by its name; it takes the parameters and gives the result, or raises `CapabilityError` to answer
            the guest. An error of a plugin that it called answers the guest as well.
    """

    def __init__(self, actions: Mapping[str, Callable[[object], object]]) -> None:
        self._actions = actions

    def call(self, call: Call, request: object) -> object:
        """`[action, params]` → its result."""
        name, params = arguments(request, 2, 2, "[action, params]")
        name = text(name, "action", 200)
        return ask_nested(name, call, found(self._actions, "action", name), params)


IMPORTS: Final = {"action_call": Actions.call}
