"""A guest that speaks the ABI: one instance that stays, one item in and one item out for each call."""

from __future__ import annotations

import logging
from time import monotonic_ns, thread_time_ns
from typing import TYPE_CHECKING, Any, Final

from wardian.abi.contract import (
    ALLOC,
    INITIALIZE,
    MARKER,
    MARKER_PREFIX,
    MEMORY,
    PLUGIN_CLOSE,
    PLUGIN_OPEN,
    WASI_MODULE,
)
from wardian.abi.failure import ErrorItem, WrongShape
from wardian.errors import (
    AbiViolation,
    ConfigError,
    GuestError,
    LimitExceeded,
    MemoryExceeded,
    PackageError,
    ReplyTooLarge,
    WardianError,
)
from wardian.guests import wire
from wardian.guests.context import reply_bounds, request_bounds
from wardian.guests.outcome import measure
from wardian.quantity import format_size
from wardian.sandbox.deadline import Call

if TYPE_CHECKING:
    from wardian.guests.context import Context
    from wardian.guests.guest import Opening, Order
    from wardian.policy import Limits
    from wardian.sandbox.module import Module
    from wardian.sandbox.prepared import Prepared

_ENTRY: Final = (("i32", "i32"), ("i64",))
_LEAST_REQUEST: Final = 256  # so that a guest is not asked for a larger buffer with each slightly larger request
_log: Final = logging.getLogger("wardian.guest")


def check(module: Module) -> None:
    """Whether the module speaks this ABI.

    Raises:
        PackageError: saying which export is missing or of another type.
    """
    memory = module.exports.get(MEMORY)
    if memory is None or memory.kind != "memory":
        raise PackageError(
            "the module exports no memory named `memory`", code="abi_error",
            hint="the plugin's author has to export it; compilers do unless told otherwise",
        )  # fmt: skip
    if module.function(MARKER, (), ()) is None:
        others = sorted(name for name in module.exports if name.startswith(MARKER_PREFIX))
        if others:
            raise PackageError(
                f"the plugin speaks `{others[0]}`, this host speaks `{MARKER}`", code="abi_version_unsupported",
                hint="use a plugin built for this version, or a host of the plugin's version",
            )  # fmt: skip
        raise PackageError(
            f"the module exports no `{MARKER}`: it is no Wardian plugin", code="abi_error",
            hint="build it with one of the SDKs; a WASI program that exports `_start` runs as it is",
        )  # fmt: skip
    if module.function(ALLOC, ("i32",), ("i32",)) is None:
        raise PackageError(f"the module exports no `{ALLOC}`", code="abi_error", hint="build it with one of the SDKs")
    module.function(INITIALIZE, (), ())
    # These are called by name, not through `entries`; and the engine trusts its host with the type.
    module.function(PLUGIN_OPEN, *_ENTRY)
    module.function(PLUGIN_CLOSE, *_ENTRY)


def entries(module: Module) -> tuple[str, ...]:
    """The names of the entry points: exported functions of the ABI's type, but for those that the host alone calls."""
    return tuple(
        name
        for name, export in module.exports.items()
        if (export.kind, export.params, export.results) == ("func", *_ENTRY) and name not in (PLUGIN_OPEN, PLUGIN_CLOSE)
    )


class Reactor:
    """One instance of a module that speaks the ABI, opened and ready.

    Args:
        prepared: the module.
        limits: what the instance may use.
        context: its bindings, for this instance alone.
        opening: what `plugin_open` is asked, where the guest exports it; None for an instance that is not opened.

    Raises:
        ConfigError: the guest refused its configuration.
        WardianError: whatever ended the start; the deadline covers start section, `_initialize` and `plugin_open`.
    """

    __slots__ = (
        "_capacity", "_closes", "_context", "_deadline", "_instance", "_limits", "_metered", "_pointer", "_reply_limit",
        "_touched", "_uses_wasi", "broken",
    )  # fmt: skip

    def __init__(
        self,
        prepared: Prepared,
        limits: Limits,
        context: Context,
        opening: Opening | None,
    ) -> None:
        self.broken = False
        self._limits, self._context, self._touched = limits, context, context.touched
        self._reply_limit = limits.reply
        self._deadline = int(limits.deadline * 1e9)
        if self._deadline < prepared.ticker.pace:
            prepared.ticker.keep_up_with(self._deadline)
        self._metered = limits.fuel is not None
        self._capacity = self._pointer = 0
        exports = prepared.module.exports
        self._closes = PLUGIN_CLOSE in exports and opening is not None
        self._uses_wasi = WASI_MODULE in prepared.uses
        step = "the start section"
        try:
            self._instance, call = prepared.instantiate(limits, limits.start_deadline, context)
        except WardianError as error:
            error.where = error.where or f"{context.plugin}: {step}"
            raise
        try:
            if INITIALIZE in exports:
                step = INITIALIZE
                self._instance.run(call, self._instance.function(INITIALIZE))
            if PLUGIN_OPEN in exports and opening is not None:
                step = PLUGIN_OPEN
                self._open(call, opening)
            if self._touched or self._uses_wasi:
                self._settle(call)
        except BaseException as error:
            try:
                self._give_up(error, step, call)
            finally:
                self._instance.close()
            raise

    def call(self, entry: str, request: bytes, order: Order | None = None) -> Any:  # noqa: ANN401 - the order decides
        """See `Guest.call`. The entry point's type has been checked on the module."""
        instance = self._instance
        begun = monotonic_ns()
        call = Call()
        call.instance = instance
        call.deadline_at = begun + self._deadline
        call.ended_by = call.fault = None  # as the class says already, but faster to read
        if self._metered:
            instance.refuel()
        try:
            if order is not None and not order.plain:
                order.instruct(call)
            # As in `_exchange`, without its frame.
            if len(request) > self._capacity:
                self._make_room(call, len(request))
            handles = instance.handles
            handle = handles[entry] if entry in handles else instance.function(entry)  # half the time of a call
            if order is None:
                value: Any = instance.exchange(call, begun, handle, self._pointer, request, self._reply_limit)
                if value is None:
                    raise self._refusal(call)  # noqa: TRY301 - to be undone as any other failure is
            else:
                value = self._ordered(order, call, begun, handle, request)
            if self._touched or self._uses_wasi:
                self._settle(call)
        except BaseException as error:
            self._give_up(error, entry, call)
            raise
        return value

    @property
    def memory(self) -> int:
        """The bytes of its linear memory; for who holds it."""
        return self._instance.memory.refresh()

    def close(self) -> None:
        """Let a healthy guest close itself, within its deadline, and free it."""
        try:
            if self._closes and not (self.broken or self._instance.broken):
                self._closes = False
                self.call(PLUGIN_CLOSE, wire.NULL)
        except WardianError as error:
            _log.warning("%s did not close: %s", self._context.plugin, error)
        finally:
            self.broken = True
            self._instance.close()

    def _ordered(self, order: Order, call: Call, begun: int, handle: Any, request: bytes) -> Any:  # noqa: ANN401
        """What the order makes of the reply, with what it cost where that is asked for."""
        instance = self._instance
        cpu = thread_time_ns() if order.cpu else None
        value: Any = instance.exchange(call, begun, handle, self._pointer, request, self._reply_limit)
        if value is None:
            raise self._refusal(call)
        if not order.measured:
            return value if order.check is None else order.check(value)
        if cpu is not None:
            cpu = thread_time_ns() - cpu
        wall, size = monotonic_ns() - begun, len(value)
        if order.check is not None:
            value = order.check(value)
        return measure(value, instance, self._touched, call, wall, cpu, len(request), size)

    def _settle(self, call: Call) -> None:
        """Keep what a call that succeeded has done to the world."""
        if self._uses_wasi:
            self._context.wasi.finish(call)
        if self._touched:
            self._context.settle(succeeded=True)

    def _exchange(self, call: Call, entry: str, request: bytes) -> bytes:
        if len(request) > self._capacity:
            self._make_room(call, len(request))
        handle = self._instance.function(entry)
        reply = self._instance.exchange(call, monotonic_ns(), handle, self._pointer, request, self._reply_limit)
        if reply is None:
            raise self._refusal(call)
        return reply

    def _refusal(self, call: Call) -> WardianError:
        """What an entry point means that gave no reply: it failed, or the reply is longer than it may be."""
        pointer, length = self._instance.answered()
        if length > self._reply_limit:
            return ReplyTooLarge(
                f"the guest's reply has {format_size(length)}, of at most {format_size(self._reply_limit)}",
                value=self._reply_limit, asked=length, hint="raise the limit `reply`, or ask the plugin for less",
            )  # fmt: skip
        return self._said(call, self._instance.memory.read(pointer, length))

    def _make_room(self, call: Call, size: int) -> None:
        wanted = max(_LEAST_REQUEST, 1 << (size - 1).bit_length())
        instance = self._instance
        pointer = instance.run(call, instance.function(ALLOC), wanted) & 0xFFFFFFFF
        if not pointer:
            raise MemoryExceeded(
                f"the guest has no room for a request of {format_size(size)}", value=self._limits.memory,
                asked=instance.refused_growth() or wanted,
                hint="raise the limit `memory`, or give the plugin less at a time",
            )  # fmt: skip
        self._capacity, self._pointer = wanted, pointer

    def _said(self, call: Call, reply: bytes) -> WardianError:
        """The error that the guest answered with; a quota that it gave up on is the limit's error."""
        try:
            said = ErrorItem.from_value(wire.decode_reply(reply, reply_bounds(self._limits)))
        except WrongShape as error:
            return AbiViolation(f"the guest's error is no error of the ABI: {error}", code="bad_error")
        refused = GuestError(
            said.kind, said.message, guest_code=said.code, retry_after_ms=said.retry_after_ms, details=said.details
        )
        if said.kind == "exhausted" and call.spent is not None:
            exceeded = LimitExceeded(
                str(call.spent.message), limit=call.spent.limit, value=call.spent.value, asked=call.spent.asked,
                hint=f"raise the limit `{call.spent.limit}`, or let the plugin make do with less",
            )  # fmt: skip
            exceeded.__cause__ = refused
            return exceeded
        return refused

    def _open(self, call: Call, opening: Opening) -> None:
        request = wire.encode_request(opening.request(), request_bounds(self._limits))
        try:
            reply = wire.decode_reply(
                self._exchange(call, PLUGIN_OPEN, request) or wire.NULL, reply_bounds(self._limits)
            )
            if opening.answered is not None:
                opening.answered(reply)
        except GuestError as error:
            if error.kind != "config":
                raise
            raise ConfigError(
                f"the plugin refuses its configuration: {error.message}",
                hint="mend the configuration, and load it again",
            ) from error

    def _give_up(self, error: BaseException, entry: str, call: Call) -> None:
        """Undo what the call did, and decide whether the instance may be called again."""
        # A guest that answers with an error is whole, also when it gave up on a quota; not after anything else.
        answered = isinstance(error, GuestError) or isinstance(error.__cause__, GuestError)
        self.broken = self._instance.broken or not answered
        if isinstance(error, WardianError) and not error.where:
            error.where = f"{self._context.plugin}: {entry}"
        try:
            if self._uses_wasi:
                self._context.wasi.finish(call)  # the last words of a guest say most
        finally:
            self._context.undo(_log)
