"""The application's own functions, which a guest imports from the module `app`."""

from __future__ import annotations

from types import CoroutineType
from typing import TYPE_CHECKING, Any, Final

from wardian.errors import CapabilityError, HostFunctionError
from wardian.sandbox.faults import told

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Coroutine

    from wardian.sandbox.deadline import Call

_SLICE: Final = 0.02  # how often a wait for an asynchronous function looks whether the call has to end


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
        try:
            reply = self._function(request)
            return self._awaited(call, reply) if type(reply) is CoroutineType else reply
        except CapabilityError:
            raise
        except Exception as raised:
            raise HostFunctionError(
                f"`{self._name}` raised {type(raised).__name__}: {told(raised)}",
                hint="its own traceback is the cause of this error; raise CapabilityError to answer the guest instead",
            ) from raised

    def _awaited(self, call: Call, reply: Coroutine[Any, Any, object]) -> object:
        from asyncio import run_coroutine_threadsafe  # noqa: PLC0415 - 20 ms of every start, for a few programs

        loop: asyncio.AbstractEventLoop | None = call.loop
        if loop is None:
            reply.close()
            raise RuntimeError(f"`{self._name}` is asynchronous: call the plugin with `acall`")
        future = run_coroutine_threadsafe(reply, loop)
        while (left := call.remaining()) > 0:
            try:
                return future.result(min(left, _SLICE))
            except TimeoutError:
                if future.done():
                    return future.result()  # it came just now, or the timeout is the function's own
        future.cancel()
        call.ended_by = call.ended_by or call.due
        return None
