"""Why a guest ended: traps and errors of the engine, as typed errors with a backtrace that is safe to print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from wardian.errors import (
    Cancelled,
    DeadlineExceeded,
    FuelExhausted,
    HostFunctionError,
    MemoryExceeded,
    StackExhausted,
    Trap,
    WardianError,
)
from wardian.quantity import format_duration, format_size
from wardian.sandbox import native

if TYPE_CHECKING:
    from wardian.policy import Limits

NAME_LENGTH: Final = 120
_FRAMES: Final = 20

# wasmtime's numbers (wasmtime/trap.h), those that a core module can cause; any other number is a plain `trap`.
_STACK_OVERFLOW: Final = 0
_OUT_OF_FUEL: Final = 11
# How guests end that are refused memory: they give up, or use the null pointer that they got.
_OUT_OF_MEMORY: Final = (1, 9)
_CODES: Final = {
    1: ("memory_out_of_bounds", "the guest read or wrote outside its memory"),
    2: ("heap_misaligned", "the guest used an unaligned address for an atomic access"),
    3: ("table_out_of_bounds", "the guest used a table element that does not exist"),
    4: ("indirect_call_to_null", "the guest called through an empty table element"),
    5: ("bad_signature", "the guest called a function of another type than it expected"),
    6: ("integer_overflow", "the guest overflowed an integer division"),
    7: ("integer_division_by_zero", "the guest divided by zero"),
    8: ("bad_conversion_to_integer", "the guest turned a float that is not a number into an integer"),
    9: ("unreachable", "the guest gave up: it reached `unreachable`"),
    10: ("interrupt", "the guest was interrupted"),
}


class Exit(BaseException):
    """The guest called `proc_exit`; carries its code around the guest's frames."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Fault:
    """What the engine says of a call that did not return.

    Attributes:
        trap_code: wasmtime's number of the trap, or None where the engine gave an error instead.
        message: the engine's own text, escaped and bounded.
        backtrace: the frames, innermost first, each escaped and bounded.
    """

    trap_code: int | None
    message: str
    backtrace: tuple[str, ...]


def printable(text: str, most: int = NAME_LENGTH) -> str:
    """The text in one line without control characters, cut to `most` characters: safe for a terminal and for a log."""
    shown = "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text[: most + 1])
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"


def told(raised: BaseException) -> str:
    """What an exception of the application says, in one printable line; nothing where it cannot even say that."""
    try:
        return printable(str(raised), 300)
    except Exception:  # noqa: BLE001 - any class may have a broken `__str__`
        return ""


def take_fault(error: int, trap: int) -> Fault:
    """What a C call left behind, the address of either an error or a trap; frees it."""
    lib, failed = native.lib, native.cast("void *", trap or error)
    message, frames = native.new("wasm_byte_vec_t *"), native.new("wasm_frame_vec_t *")
    code = None
    if trap:
        number = native.new("uint8_t *")
        code = number[0] if lib.wasmtime_trap_code(failed, number) else None
        lib.wasm_trap_message(failed, message)
        lib.wasm_trap_trace(failed, frames)
    else:
        lib.wasmtime_error_message(failed, message)
        lib.wasmtime_error_wasm_trace(failed, frames)
    text = native.take_bytes(message).decode("utf-8", "replace")
    backtrace = tuple(_frame(frames.data[index]) for index in range(min(frames.size, _FRAMES)))
    lib.wasm_frame_vec_delete(frames)
    # Frames borrow from what they belong to: it goes last.
    (lib.wasm_trap_delete if trap else lib.wasmtime_error_delete)(failed)
    return Fault(code, printable(text, 300), backtrace)


def explain(fault: Fault, limits: Limits, *, where: str, grow: int | None) -> WardianError:
    """The typed error for a guest that ended by itself.

    Args:
        fault: what the engine said.
        limits: those of the instance.
        where: the plugin and its entry point.
        grow: how many bytes the last refused growth of memory asked for in all, or None when none was refused.
    """
    if fault.trap_code == _STACK_OVERFLOW:
        return StackExhausted(
            f"the guest's calls nested deeper than its stack of {format_size(limits.stack)} allows",
            value=limits.stack, where=where, backtrace=fault.backtrace,
            hint="endless recursion, or a deep one: raise the limit `stack`, at most to 2MiB",
        )  # fmt: skip
    if fault.trap_code == _OUT_OF_FUEL:
        fuel = limits.fuel or 0
        return FuelExhausted(
            f"the call spent its fuel of {fuel}", value=fuel, where=where, backtrace=fault.backtrace,
            hint="an endless loop, or too small a budget: raise the limit `fuel`",
        )  # fmt: skip
    if grow is not None and fault.trap_code in _OUT_OF_MEMORY:
        return memory_exceeded(limits, asked=grow, where=where, backtrace=fault.backtrace)
    code, message = _CODES.get(-1 if fault.trap_code is None else fault.trap_code, ("trap", fault.message))
    return Trap(
        message, code=code, backtrace=fault.backtrace, where=where,
        hint="a fault of the plugin: its author needs the backtrace and the request",
    )  # fmt: skip


def memory_exceeded(
    limits: Limits, *, asked: int | None, where: str, backtrace: tuple[str, ...] = ()
) -> MemoryExceeded:
    """The error for a guest that needed more memory than it may have."""
    wanted = f" and asked for {format_size(asked)}" if asked is not None else ""
    return MemoryExceeded(
        f"the guest may use {format_size(limits.memory)} of memory{wanted}",
        value=limits.memory, asked=asked, where=where, backtrace=backtrace,
        hint="raise the limit `memory`, or give the plugin less at a time",
    )  # fmt: skip


def explain_end(reason: str, limits: Limits, *, limit: str, where: str, backtrace: tuple[str, ...]) -> WardianError:
    """The typed error for a guest that the host ended: its deadline passed, or somebody cancelled it."""
    if reason == "deadline":
        seconds: float = getattr(limits, limit)
        return DeadlineExceeded(
            f"the guest took longer than {format_duration(seconds)}", limit=limit, value=seconds, where=where,
            backtrace=backtrace, hint=f"raise the limit `{limit}`, or give the plugin less at a time",
        )  # fmt: skip
    return Cancelled("the call was cancelled" if reason == "cancelled" else "the plugin was closed", where=where)


def explain_exit(exit_: Exit, limits: Limits, *, where: str, grow: int | None) -> WardianError:
    """The typed error for a guest that left through `proc_exit`; `grow` as for `explain`."""
    if exit_.code and grow is not None:
        return memory_exceeded(limits, asked=grow, where=where)
    return Trap(
        f"the guest exited with code {exit_.code}", code="guest_exit", exit_code=exit_.code, where=where,
        hint="a plugin answers its caller and stays; a program that exits is a plugin of `transport: command`",
    )  # fmt: skip


def explain_raise(raised: BaseException, *, where: str) -> WardianError:
    """The typed error for a host function that raised what it should not have."""
    if isinstance(raised, WardianError):
        raised.where = raised.where or where
        return raised
    error = HostFunctionError(
        f"a function of the application raised {type(raised).__name__}: {told(raised)}", where=where,
        hint="its own traceback is the cause of this error; raise CapabilityError to answer the guest instead",
    )  # fmt: skip
    error.__cause__ = raised
    return error


def _frame(frame: Any) -> str:  # noqa: ANN401 - C pointer
    name = native.lib.wasmtime_frame_func_name(frame)
    shown = printable(native.text_of(name.data, name.size).decode("utf-8", "replace")) if name != native.NULL else ""
    index = native.lib.wasm_frame_func_index(frame)
    return f"{shown or f'func[{index}]'}+{native.lib.wasm_frame_func_offset(frame):#x}"
