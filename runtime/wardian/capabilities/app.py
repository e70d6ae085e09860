"""The application's own functions, which a guest imports from the module `app`."""

from __future__ import annotations

from types import CoroutineType
from typing import TYPE_CHECKING, Any

from wardian.capabilities.application import awaited, failed
from wardian.errors import CapabilityError

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
        # What `ask` does, without its frame: guests ask a thousand times in a call.
        try:
            reply = self._function(request)
            return awaited(self._name, call, reply) if type(reply) is CoroutineType else reply
        except CapabilityError:
            raise
        except Exception as raised:  # noqa: BLE001 - told as what it is
            failed(self._name, call, raised)
            return None
