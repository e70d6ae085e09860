"""Extensions of the application: things with methods, which a guest calls by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wardian.capabilities.application import ask_nested
from wardian.capabilities.capability import arguments, found, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wardian.sandbox.deadline import Call


class Extensions:
    """Calls extensions for a guest.

    Args:
        extensions: each by its name; it takes a method's name and an argument and gives the result, and answers a
            method that it does not have with `CapabilityError`.
    """

    def __init__(self, extensions: Mapping[str, Callable[[str, object], object]]) -> None:
        self._extensions = extensions

    def call(self, call: Call, request: object) -> object:
        """`[extension, method, argument]` → what the method gives."""
        name, method, argument = arguments(request, 3, 3, "[extension, method, argument]")
        name, method = text(name, "extension", 200), text(method, "method", 200)
        return ask_nested(name, call, found(self._extensions, "extension", name), method, argument)


IMPORTS: Final = {"extension_call": Extensions.call}
