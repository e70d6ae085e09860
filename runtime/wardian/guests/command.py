"""A guest that is a program: a WASI command, run anew for each call, its request on standard input."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any, Final

from wardian.abi.contract import MEMORY, START
from wardian.abi.failure import ErrorItem, WrongShape
from wardian.errors import AbiViolation, GuestError, PackageError, Trap, WardianError
from wardian.guests import wire
from wardian.guests.context import reply_bounds, request_bounds
from wardian.guests.guest import Order
from wardian.guests.outcome import measure

if TYPE_CHECKING:
    from collections.abc import Callable

    from wardian.guests.context import Context
    from wardian.policy import Limits
    from wardian.sandbox.deadline import Call
    from wardian.sandbox.instance import Instance
    from wardian.sandbox.module import Module
    from wardian.sandbox.prepared import Prepared
    from wardian.sandbox.wasi import World

_PAIR: Final = b"\x82"  # the head of a CBOR array of two items
_log: Final = logging.getLogger("wardian.guest")


def check(module: Module) -> None:
    """Whether the module is a WASI command.

    Raises:
        PackageError: saying which export is missing or of another type.
    """
    if module.function(START, (), ()) is None:
        raise PackageError(
            f"the program exports no `{START}`", code="abi_error",
            hint="build it for the target wasm32-wasip1; a module with entry points has the transport `reactor`",
        )  # fmt: skip
    memory = module.exports.get(MEMORY)
    if memory is None or memory.kind != "memory":
        raise PackageError(
            "the program exports no memory named `memory`",
            code="abi_error",
            hint="build it for the target wasm32-wasip1",
        )


class Command:
    """A program that is run once, for one call.

    Its standard input holds `[entry_point, request]`; its standard output is the reply, or nothing for null; with
    another exit code than 0 it is an error item, or nothing. Standard error is log lines. The deadline of a call
    covers the program from its first instruction to its exit.

    Args:
        prepared: the module.
        limits: what the instance may use.
        context: its bindings, for this instance alone.
        world: makes what its WASI sees, given the bytes of standard input.
    """

    memory = 0  # nothing is kept of it between two calls

    def __init__(self, prepared: Prepared, limits: Limits, context: Context, world: Callable[[bytes], World]) -> None:
        self.broken = False
        self._prepared, self._limits, self._context, self._world = prepared, limits, context, world
        self._replies = reply_bounds(limits)

    def call(self, entry: str, request: bytes, order: Order | None = None) -> Any:  # noqa: ANN401 - the order decides
        """See `Guest.call`; it can be called once."""
        self.broken = True
        order = order or Order()
        context = self._context
        head = _PAIR + wire.encode_request(entry, request_bounds(self._limits))
        instance: Instance | None = None
        try:
            context.wasi = self._world(head + (request or wire.NULL))
            instance, call = self._prepared.instantiate(self._limits, self._limits.deadline, context)
            call.limit = "deadline"
            order.instruct(call)
            wall, cpu = time.perf_counter_ns(), time.thread_time_ns()
            reply = self._run(instance, call)
            wall, cpu = time.perf_counter_ns() - wall, time.thread_time_ns() - cpu
            value = reply if order.check is None else order.check(reply)
            if order.measured:
                value = measure(
                    value, instance, context.touched, call, wall, cpu if order.cpu else None, len(request), len(reply)
                )
            context.settle(succeeded=True)
        except BaseException as error:
            if isinstance(error, WardianError) and not error.where:
                error.where = f"{context.plugin}: {entry}"
            context.undo(_log)
            raise
        finally:
            if instance is not None:
                instance.close()
        return value

    def close(self) -> None:
        """Nothing outlives a call."""
        self.broken = True

    def _run(self, instance: Instance, call: Call) -> bytes:
        world = self._context.wasi
        try:
            instance.run(call, instance.function(START))
        except Trap as trap:
            if trap.exit_code is None:
                raise
            if trap.exit_code != 0:
                raise self._refusal(world.reply(), trap.exit_code) from None
        finally:
            world.finish(call)
        return world.reply()

    def _refusal(self, said: bytes, exit_code: int) -> WardianError:
        if not said:
            return GuestError(
                "internal", f"the program exited with code {exit_code}, and said nothing of why on standard output",
                guest_code=f"exit_{exit_code}",
            )  # fmt: skip
        try:
            error = ErrorItem.from_value(wire.decode_reply(said, self._replies))
        except (WrongShape, AbiViolation) as wrong:
            return AbiViolation(
                f"the program exited with code {exit_code}, and its standard output is no error of the ABI: {wrong}",
                code="bad_error", hint="on failure, standard output holds an error item, or nothing",
            )  # fmt: skip
        return GuestError(
            error.kind, error.message, guest_code=error.code, retry_after_ms=error.retry_after_ms, details=error.details
        )
