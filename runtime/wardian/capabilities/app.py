"""The application's own functions, which a guest imports from the module `app`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wardian.capabilities.application import ask

if TYPE_CHECKING:
    from collections.abc import Callable

    from wardian.sandbox.deadline import Call


class App:
    """Calls a function of the application for a guest.

    A function takes the decoded request and returns the reply. It may be `async`; then it runs on the event loop of the
    caller, which must have used `acall`. An ordinary function runs on the thread of the call, to its own end: a
    deadline that passes meanwhile ends the guest as soon as the function returns.
    """

    def __init__(self, name: str, function: Callable[[Any], object]) -> None:
        self._name, self._function = name, function

    def __call__(self, call: Call, request: object) -> object:
        """Call the function.

        Raises:
            CapabilityError: the function's answer to its guest.
            HostFunctionError: from whatever else it raised.
        """
        return ask(self._name, call, self._function, request)
