"""Functions of the host that a guest may import, and the one trampoline through which it enters them.

A trampoline never lets an exception pass into the engine: what a function raises is noted on the call, and the guest is
ended by a trap. The Python API would keep it in one variable for all threads, and give it to whichever call comes next.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import get_ident
from typing import TYPE_CHECKING, Any, Final

from wasmtime import FuncType, ValType

from wardian.errors import AbiViolation, HostCallsExceeded, ReplyTooLarge, RequestTooLarge
from wardian.quantity import format_size
from wardian.sandbox import native

if TYPE_CHECKING:
    from collections.abc import Callable

    from wasmtime import Linker

    from wardian.sandbox.deadline import Call
    from wardian.sandbox.ticker import Ticker

_U32: Final = 0xFFFFFFFF
_LEAST_I32: Final = -(2**31)
_MASKS: Final = {"i32": _U32, "i64": 0xFFFFFFFFFFFFFFFF}
_PAIR: Final = (("i32", "i32"), ("i64",), True)  # what a host call of our ABI is
_TAKE: Final = (("i32",), (), False)
_STOPPED: Final = b"ended by the host"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class HostFunction:
    """A function that a guest may import.

    Attributes:
        module: the module it is imported from.
        name: its name in that module.
        params: the types of its parameters, `i32` or `i64`; they arrive as unsigned integers.
        results: the types of its results, at most one.
        run: called with the running call and the arguments; gives the result as an integer that fits the type, or None
            where there is none. Whatever it raises ends the guest's call.
        counted: whether it counts as a host call.
    """

    module: str
    name: str
    params: tuple[str, ...]
    results: tuple[str, ...]
    run: Callable[..., int | None]
    counted: bool = True


def exchange(module: str, name: str, answer: Callable[[Call, bytes], tuple[bool, bytes]]) -> HostFunction:
    """A host function of our ABI: one request in the guest's memory, one reply that waits until the guest takes it.

    Args:
        module: the module it is imported from.
        name: its name in that module.
        answer: called with the running call and a copy of the request; gives whether it succeeded, and the encoded
            reply or error; an empty success is null.
    """

    def run(call: Call, pointer: int, length: int) -> int:
        instance = call.instance
        limits = instance.limits
        if length > limits.request:
            raise RequestTooLarge(
                f"the guest gave `{name}` a request of {format_size(length)}, of at most {format_size(limits.request)}",
                value=limits.request, asked=length, hint="raise the limit `request`, or let the plugin ask for less",
            )  # fmt: skip
        call.waiting = None
        succeeded, reply = answer(call, instance.memory.read(pointer, length))
        size = len(reply)
        if not size:
            return 0
        if size > limits.reply:
            raise ReplyTooLarge(
                f"`{name}` answers the guest with {format_size(size)}, of at most {format_size(limits.reply)}",
                value=limits.reply, asked=size, hint="raise the limit `reply`, or let the plugin ask for less",
            )  # fmt: skip
        call.waiting = reply
        return size if succeeded else -size

    return HostFunction(module, name, ("i32", "i32"), ("i64",), run)


def take(module: str) -> HostFunction:
    """The host function `take`: copies the waiting reply to where the guest wants it, and forgets it."""

    def run(call: Call, pointer: int) -> None:
        if call.waiting is None:
            raise AbiViolation(
                "the guest took a reply, but none is waiting", code="nothing_to_take",
                hint="`take` is called once after a host call whose result was not 0",
            )  # fmt: skip
        call.instance.memory.write(pointer, call.waiting)
        call.waiting = None

    return HostFunction(module, "take", ("i32",), (), run, counted=False)


def define(linker: Linker, ticker: Ticker, function: HostFunction) -> object:
    """Define the function in the linker; what is returned has to live as long as the linker and its instances."""
    shape = (function.params, function.results, function.counted)
    make = {_PAIR: _pair, _TAKE: _single}.get(shape, _general)
    trampoline = make(ticker, function)

    def on_signal(_kind: object, raised: BaseException, _traceback: object) -> int:
        # A signal handler raised before the trampoline's own `try` began, or no frames are left: one is, for this one.
        call = ticker.running.get(get_ident())
        if call is not None and call.fault is None:
            call.fault = raised
        return int(native.lib.wasmtime_trap_new(_STOPPED, len(_STOPPED)))

    callback = native.callback("host_function_t", trampoline, onerror=on_signal)
    kind = FuncType([getattr(ValType, each)() for each in function.params],
                    [getattr(ValType, each)() for each in function.results])  # fmt: skip
    module, name = function.module.encode(), function.name.encode()
    error = native.lib.wasmtime_linker_define_func_unchecked(
        native.pointer(linker), module, len(module), name, len(name), native.pointer(kind),
        callback, native.NULL, native.NULL,
    )  # fmt: skip
    if error:
        raise RuntimeError(f"the engine refused to define {function.module}.{function.name}")
    return callback


def _single(ticker: Ticker, function: HostFunction) -> Callable[..., int]:
    """The trampoline of a function like `take`: one pointer, no result, not counted."""
    run, running = function.run, ticker.running

    def trampoline(_env: int, _caller: int, slots: Any, _length: int) -> int:  # noqa: ANN401 - a C pointer
        call = running.get(get_ident())
        try:
            run(call, slots[0] & _U32)
            if call.ended_by is not None:  # type: ignore[union-attr] # `run` has raised then
                return _stop(call, None)
        except BaseException as raised:  # noqa: BLE001 - nothing may pass into the engine
            return _stop(call, raised)
        return 0

    return trampoline


def _pair(ticker: Ticker, function: HostFunction) -> Callable[..., int]:
    """The trampoline of a counted function of two pointers or lengths, as those of our ABI are: without loops."""
    run, name, running = function.run, f"{function.module}.{function.name}", ticker.running

    def trampoline(_env: int, _caller: int, slots: Any, _length: int) -> int:  # noqa: ANN401 - a C pointer
        call = running.get(get_ident())
        try:
            # What `_enter` does, without its frame, for all calls but the first.
            if call is None or call.host_calls is None or call.host_calls_left <= 0:
                _enter(call, name)
            else:
                call.host_calls_left -= 1
                counts = call.host_calls
                counts[name] = counts[name] + 1 if name in counts else 1
            result = run(call, slots[0] & _U32, slots[2] & _U32)
            if call.ended_by is not None:  # type: ignore[union-attr] # `_enter` has raised then
                return _stop(call, None)
            slots[0] = result
        except BaseException as raised:  # noqa: BLE001 - nothing may pass into the engine
            return _stop(call, raised)
        return 0

    return trampoline


def _general(ticker: Ticker, function: HostFunction) -> Callable[..., int]:
    """The trampoline of a function of any type."""
    run, name, running = function.run, f"{function.module}.{function.name}", ticker.running
    masks = tuple((2 * index, _MASKS[kind]) for index, kind in enumerate(function.params))
    counted, answers, narrow = function.counted, bool(function.results), function.results == ("i32",)

    def trampoline(_env: int, _caller: int, slots: Any, _length: int) -> int:  # noqa: ANN401 - a C pointer
        call = running.get(get_ident())
        try:
            if counted:
                _enter(call, name)
            result = run(call, *(slots[slot] & mask for slot, mask in masks))
            if call.ended_by is not None:  # type: ignore[union-attr]
                return _stop(call, None)
            if narrow:
                _require_i32(result)
            if answers:
                slots[0] = result
        except BaseException as raised:  # noqa: BLE001 - nothing may pass into the engine
            return _stop(call, raised)
        return 0

    return trampoline


def _require_i32(result: int | None) -> None:
    """Refuse what the engine would cut to its low 32 bits; a slot itself takes 64 and no more."""
    if not isinstance(result, int):
        raise TypeError(f"expected an integer, got {type(result).__name__}")
    if not _LEAST_I32 <= result <= _U32:
        raise OverflowError(f"expected an integer of 32 bits, got {result}")


def _enter(call: Call | None, name: str) -> None:
    """Count a host call, and refuse the one too many."""
    if call is None or not call.instance.ready:
        raise AbiViolation(
            f"the guest called `{name}` before it was ready", code="not_ready",
            hint="the start section may not call the host; `_initialize` and `plugin_open` may",
        )  # fmt: skip
    counts = call.host_calls
    if counts is None:
        counts = call.host_calls = {}
        call.host_calls_left = call.instance.limits.host_calls
    counts[name] = counts.get(name, 0) + 1
    call.host_calls_left -= 1
    if call.host_calls_left < 0:
        most = call.instance.limits.host_calls
        raise HostCallsExceeded(
            f"the guest called the host more than {most} times in one call", value=most, asked=most + 1,
            hint="raise the limit `host_calls`, or let the plugin ask for more at a time",
        )  # fmt: skip


def _stop(call: Call | None, raised: BaseException | None) -> int:
    """Note what was raised on the call, and make the trap that ends the guest."""
    if call is not None and call.fault is None:
        call.fault = raised
    return int(native.lib.wasmtime_trap_new(_STOPPED, len(_STOPPED)))
