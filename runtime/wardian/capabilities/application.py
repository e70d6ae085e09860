"""Calls what the application gave for a guest: its functions, its actions, its extensions."""

from __future__ import annotations

from types import CoroutineType
from typing import TYPE_CHECKING, Any, Final

from wardian.errors import (
    Cancelled,
    CapabilityError,
    ConfigError,
    DeadlineExceeded,
    GuestError,
    HostFunctionError,
    LimitExceeded,
    PermissionDenied,
    WardianError,
)
from wardian.sandbox.deadline import WITHIN, Within
from wardian.sandbox.faults import told

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Coroutine

    from wardian.sandbox.deadline import Call

MOST_NESTED: Final = 8  # calls within each other, the first one included: each may take a stack of its own
_SLICE: Final = 0.02  # how often a wait for an asynchronous function looks whether the call has to end


def ask(name: str, call: Call, function: Callable[..., object], *given: object) -> object:
    """What a function of the application gives; an asynchronous one runs on the event loop of the caller.

    Raises:
        CapabilityError: the function's answer to its guest.
        HostFunctionError: from whatever else it raised.
    """
    try:
        reply = function(*given)
        return awaited(name, call, reply) if type(reply) is CoroutineType else reply
    except CapabilityError:
        raise
    except Exception as raised:  # noqa: BLE001 - told as what it is
        failed(name, call, raised)
        return None


def failed(name: str, call: Call, raised: Exception) -> None:
    """Raise `HostFunctionError` from what a function of the application raised, unless the call has to end anyway."""
    # What it called was ended because this call has to end: then that is what happened to this call as well.
    if isinstance(raised, (Cancelled, LimitExceeded)) and call.end_if_over():
        return
    raise HostFunctionError(
        f"`{name}` raised {type(raised).__name__}: {told(raised)}",
        hint="its own traceback is the cause of this error; raise CapabilityError to answer the guest instead",
    ) from raised


def ask_nested(name: str, call: Call, function: Callable[..., object], *given: object) -> object:
    """What an action or an extension gives, which may be a plugin itself: its errors are answers to the guest.

    Raises:
        CapabilityError: the answer to the guest; `exhausted` also where calls are nested too deep.
        HostFunctionError: from what is no error of a plugin.
    """
    if sum(1 for _ in call.chain()) >= MOST_NESTED:
        raise CapabilityError("exhausted", f"calls nest at most {MOST_NESTED} deep", guest_code="nested")
    try:
        return ask(name, call, function, *given)
    except HostFunctionError as error:
        if isinstance(error.__cause__, WardianError):
            raise as_answer(error.__cause__) from error.__cause__
        raise


def as_answer(error: WardianError) -> CapabilityError:
    """The answer to a guest for what became of a plugin that it called; what the host alone should know is left out."""
    if isinstance(error, GuestError):
        return CapabilityError(
            error.kind, error.message, guest_code=error.guest_code, retry_after_ms=error.retry_after_ms,
            details=error.details,
        )  # fmt: skip
    if isinstance(error, LimitExceeded):
        # Time, and instances that are in use, may be there the next time; a size or a budget will be the same.
        passing = isinstance(error, DeadlineExceeded) or error.limit == "instances"
        kind, details = ("transient" if passing else "exhausted"), {"limit": error.limit}
        return CapabilityError(kind, error.message, guest_code=error.code, details=details)
    kinds: dict[type[WardianError], str] = {
        Cancelled: "transient", ConfigError: "config", PermissionDenied: "denied",
    }  # fmt: skip
    message = "a function of the application failed" if isinstance(error, HostFunctionError) else error.message
    return CapabilityError(kinds.get(type(error), "internal"), message, guest_code=error.code)


def awaited(name: str, call: Call, reply: Coroutine[Any, Any, object]) -> object:
    """What an asynchronous function gives, run on the event loop of the caller while this thread waits."""
    from asyncio import run_coroutine_threadsafe  # noqa: PLC0415 - 20 ms of every start, for a few programs

    loop: asyncio.AbstractEventLoop | None = call.loop
    if loop is None:
        reply.close()
        raise RuntimeError(f"`{name}` is asynchronous: call the plugin with `acall`")
    within = Within(call)
    token = WITHIN.set(within)  # seen by the coroutine, which gets a copy of this context
    try:
        future = run_coroutine_threadsafe(reply, loop)
    finally:
        WITHIN.reset(token)
    try:
        while (left := call.remaining()) > 0:
            try:
                return future.result(min(left, _SLICE))
            except TimeoutError:
                if future.done():
                    return future.result()  # it came just now, or the timeout is the function's own
    finally:
        within.call = None
    future.cancel()
    call.ended_by = call.ended_by or call.due
    return None
