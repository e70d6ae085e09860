"""One instance of a module: its store, its memory, its limits, and the way in."""

from __future__ import annotations

from collections import deque
from time import monotonic_ns
from typing import TYPE_CHECKING, Any, Final

from wardian.errors import AbiViolation, LimitExceeded, WardianError
from wardian.sandbox import faults, growth, native, stack
from wardian.sandbox.deadline import Call
from wardian.sandbox.memory import LARGE, Memory
from wardian.sandbox.scratch import MOST_SPARE, TRAP, Scratch
from wardian.sandbox.stack import ident_below, rooms

if TYPE_CHECKING:
    from wardian.policy import Limits
    from wardian.sandbox.prepared import Prepared

# The kernel allows 65,530 mappings in a process and an instance takes up to four: beyond some 16,300 the engine aborts.
MOST_INSTANCES: Final = 15_000
_PAGE: Final = 65_536
_FAILED: Final = 1 << 31  # of the lower half of a result of our ABI
_REFUSED: Final = growth.GLOBAL.encode()
_GLOBAL: Final = 1  # WASMTIME_EXTERN_GLOBAL
_I32: Final = 0  # WASMTIME_I32

# Looked up once: each look-up in the library would cost an instance 0.05 µs.
_new_store, _delete_store = native.lib.wasmtime_store_new, native.lib.wasmtime_store_delete
_context_of, _limit = native.lib.wasmtime_store_context, native.lib.wasmtime_store_limiter
_on_epoch, _set_epoch = (
    native.lib.wasmtime_store_epoch_deadline_callback, native.lib.wasmtime_context_set_epoch_deadline,
)  # fmt: skip
_instantiate, _find_export = native.lib.wasmtime_instance_pre_instantiate, native.lib.wasmtime_instance_export_get
_call = native.lib.wasmtime_func_call_unchecked


def _crowded() -> LimitExceeded:
    return LimitExceeded(
        f"this process holds {MOST_INSTANCES} instances already", limit="instances", value=MOST_INSTANCES,
        asked=MOST_INSTANCES + 1, hint="close plugins that are not needed, or use several processes",
    )  # fmt: skip


def _missing(name: str) -> AbiViolation:
    return AbiViolation(f"the module exports no `{name}`", code="abi_error")


# Each instance takes one of these and puts it back: that needs no lock, which a fork could find held, or the garbage
# collector, which frees an instance on any thread and at any line.
_places: Final = deque([None] * MOST_INSTANCES)


class Instance:
    """An instance of a prepared module.

    Threads: entered by one thread at a time; whoever holds it sees to that (see `pool`). Closed by its holder.

    Attributes:
        limits: what it may use.
        prepared: what it is an instance of.
        engine: the engine it runs on.
        memory: its linear memory; empty until it is ready.
        handles: of each exported function that was asked for, by its name; see `function`.
        ready: whether it is instantiated, so that it may call the host.
        broken: whether a call failed in a way after which the guest cannot be trusted to be whole; it is never entered
            again.
        context: what the layers above bind to it: its capabilities, its configuration.
    """

    __slots__ = (
        "_answer",
        "_call",
        "_room",
        "_running",
        "_scratch",
        "_slots",
        "_store",
        "_store_context",
        "_ticker",
        "_trap",
        "_words",
        "broken",
        "context",
        "engine",
        "handles",
        "limits",
        "memory",
        "prepared",
        "ready",
    )  # fmt: skip

    def __init__(self, prepared: Prepared, limits: Limits) -> None:
        self._store = None
        self.limits = limits
        self.engine = prepared.engine
        self.broken = self.ready = False
        self.context: Any = None
        self.prepared = prepared
        self._ticker = prepared.ticker
        self._running = prepared.ticker.running
        self.handles: dict[str, Any] = {}
        self._room = stack.needed(limits.stack)
        self._call = _call
        try:
            scratch = self._scratch = prepared.spare.pop()
        except IndexError:
            scratch = self._scratch = Scratch()
        self._slots, self._trap, self._words, self._answer = scratch.slots, scratch.trap, scratch.words, scratch.answer
        try:
            _places.pop()
        except IndexError:
            raise _crowded() from None
        self._store = _new_store(self.engine.pointer, native.NULL, native.NULL)
        self._store_context = context = _context_of(self._store)
        # Per table, so the sum over all tables keeps the limit; one instance and one memory a store.
        tables = prepared.module.tables or 1
        elements = limits.table_elements // tables
        _limit(self._store, limits.memory, elements, 1, tables, 1)
        _on_epoch(self._store, prepared.ticker.epoch_callback, native.NULL, native.NULL)
        _set_epoch(context, 1)

    def start(self, call: Call) -> None:
        """Instantiate, which runs the start section; within `call`.

        Raises:
            WardianError: whatever ended it; the instance has to be closed then.
        """
        scratch, pre, context = self._scratch, self.prepared.pointer, self._store_context
        error = self._within(call, _instantiate, pre, context, scratch.instance, self._trap)
        if error or self._words[TRAP] or call.fault is not None or call.ended_by is not None:
            raise self._failure(call, error, "")
        if not _find_export(context, scratch.instance, b"memory", 6, scratch.item):
            raise _missing("memory")
        self.memory = Memory(context, scratch.memory, self.prepared.least_memory)
        self.ready = True

    def function(self, name: str) -> Any:  # noqa: ANN401 - a C handle
        """The handle of the exported function `name`, whose type the caller has checked on the module."""
        handle = self.handles.get(name)
        if handle is None:
            scratch = self._scratch
            known = scratch.functions.get(name)
            encoded, length, item, handle = scratch.function(name) if known is None else known
            if not _find_export(self._store_context, scratch.instance, encoded, length, item):
                raise _missing(name)
            self.handles[name] = handle
        return handle

    def exchange(
        self, call: Call, begun: int, handle: Any, pointer: int, request: bytes, most: int,  # noqa: ANN401 - a C handle
    ) -> bytes | None:  # fmt: skip
        """Call an entry point of our ABI: write the request to `pointer`, and read the reply of at most so many bytes.

        The call began at the nanosecond `begun`. Gives None, and reads nothing, where the reply is longer or the guest
        says that it failed: see `answered`.

        What `run`, `_within` and `Memory` do stands here once more: to call them would take a tenth of a small call.

        Raises:
            AbiViolation: the request or the reply lies outside the memory.
            WardianError, BaseException: as `run` does.
        """
        ident = ident_below()
        try:
            room = rooms[ident]
        except KeyError:
            room = stack.measure(ident)
        if room < self._room:
            raise stack.refusal(self.limits.stack)
        memory, words, running, enter = self.memory, self._words, self._running, self._call
        size = len(request)
        end = pointer + size
        if end > memory.size:
            memory.require(pointer, size)
        if size < LARGE:
            memory.buffer[pointer:end] = request
        else:
            memory.write_large(pointer, request)
        words[0] = pointer
        words[2] = size
        if running and ident in running:  # a guest around this one
            error = self._within(call, enter, self._store_context, handle, self._slots, 2, self._trap)
        else:
            running[ident] = call
            try:
                if begun > self._ticker.alert:
                    self._ticker.attend(begun)
                error = enter(self._store_context, handle, self._slots, 2, self._trap)
            finally:
                del running[ident]
        if error or words[TRAP] or call.ended_by is not None or call.fault is not None:
            raise self._failure(call, error, "")
        answer = self._answer
        size = answer[0]
        if size > most:  # and so it is where the guest failed: the highest bit is set then
            return None
        pointer = answer[1]
        end = pointer + size
        if end > memory.size:
            memory.require(pointer, size)
        return memory.buffer[pointer:end]  # type: ignore[no-any-return] # a slice of a C buffer is bytes

    def answered(self) -> tuple[int, int]:
        """Where the last entry point's reply lies that was not read, as the guest says: its pointer and its length."""
        return self._answer[1], self._answer[0] & ~_FAILED

    def run(self, call: Call, handle: Any, first: int = 0, second: int = 0) -> int:  # noqa: ANN401
        """Call an exported function of at most two i32 parameters, and give its raw result, signed.

        The result of a function without results is without meaning; an i32 is in the low 32 bits.

        Raises:
            WardianError: for a trap, a limit, a cancellation, or what a host function raised; the instance is broken.
            BaseException: what a signal handler raised meanwhile; the instance is broken too.
        """
        self._words[0], self._words[2] = first, second
        error = self._within(call, self._call, self._store_context, handle, self._slots, 2, self._trap)
        if error or self._words[TRAP] or call.ended_by is not None or call.fault is not None:
            raise self._failure(call, error, "")
        return self._words[0]

    def begin(self, nanoseconds: int) -> Call:
        """A call that has to be over in so many nanoseconds, with all its fuel."""
        call = Call()
        call.instance = self
        call.deadline_at = monotonic_ns() + nanoseconds
        if nanoseconds < self._ticker.pace:
            self._ticker.keep_up_with(nanoseconds)
        if self.limits.fuel is not None:
            self.refuel()
        return call

    def refuel(self) -> None:
        """Give the next call all the fuel that it may spend; only where it is metered."""
        native.lib.wasmtime_context_set_fuel(self._store_context, self.limits.fuel)

    def fuel_left(self) -> int | None:
        """What the last call left of its fuel, or None where it is not metered."""
        if self.limits.fuel is None:
            return None
        left = native.new("uint64_t *")
        native.lib.wasmtime_context_get_fuel(self._store_context, left)
        return int(left[0])

    def close(self) -> None:
        """Free the store and all in it; a second time does nothing. Not while a call runs."""
        self.broken = True
        self.ready = False
        if self._store is not None:
            if hasattr(self, "memory"):
                self.memory.close()  # first: where no frame is left for it, all is as it was and can be closed later
            store, self._store = self._store, None
            self._store_context = None  # so that a late call is an error, and no look at what is freed
            _delete_store(store)
            _places.append(None)
            # From now on these are another's: a late call finds none to write to. Last, where no frame may be left.
            self._slots = self._trap = self._words = self._answer = None  # type: ignore[assignment]
            spare = self.prepared.spare
            if len(spare) < MOST_SPARE:
                spare.append(self._scratch)

    def __del__(self) -> None:
        # Where no frame was left for `__init__`, not even this is there.
        if getattr(self, "_store", None) is not None:
            self.close()

    def _within(self, call: Call, function: Any, *arguments: Any) -> Any:  # noqa: ANN401
        ident = ident_below()
        if stack.room() < self._room:
            raise stack.refusal(self.limits.stack)
        outer = self._running.get(ident)
        if outer is not None:
            self._nest(call, outer)
        self._running[ident] = call
        try:
            begun = monotonic_ns()
            if begun > self._ticker.alert:
                self._ticker.attend(begun)
            return function(*arguments)
        finally:
            if outer is None:
                del self._running[ident]
            else:
                self._running[ident] = outer

    def _nest(self, call: Call, outer: Call) -> None:
        # The engine gives each instance all of its stack, also below the frames of others on the same thread.
        around = outer.around + stack.taken(outer.instance.limits.stack)
        if stack.room() < around + self._room:
            raise stack.refusal(self.limits.stack, around)
        call.outer, call.around = outer, around
        if call.within is None:
            call.put_within(outer)

    def _failure(self, call: Call, error: int, where: str) -> BaseException:
        """What to raise for a call that failed; frees what the engine left, and breaks the instance."""
        self.broken = True
        trap = self._words[TRAP] & 0xFFFFFFFFFFFFFFFF
        self._words[TRAP] = 0
        fault = faults.take_fault(error, trap) if error or trap else faults.Fault(None, "", ())
        raised = call.fault
        if isinstance(raised, faults.Exit):
            return faults.explain_exit(raised, self.limits, where=where, grow=self.refused_growth())
        if raised is not None and not isinstance(raised, Exception):
            return raised  # KeyboardInterrupt and SystemExit belong to the program
        if raised is not None:
            return faults.explain_raise(raised, where=where)
        if call.ended_by is not None:
            return faults.explain_end(
                call.ended_by, self.limits, limit=call.limit, where=where, backtrace=fault.backtrace
            )
        return self._explain(fault, where)

    def _explain(self, fault: faults.Fault, where: str) -> WardianError:
        if not self.ready and fault.trap_code is None and not fault.backtrace:
            return WardianError(
                f"an instance could not be made: {fault.message}", code="busy", where=where,
                hint="this process or machine is short of memory or address space: close what is not needed, try again",
            )  # fmt: skip
        return faults.explain(fault, self.limits, where=where, grow=self.refused_growth())

    def refused_growth(self) -> int | None:
        """How many bytes memory would have had after the last growth that its limit refused, or None; see `growth`."""
        if not self.ready:
            return None
        found = self.global_value(_REFUSED)
        if found is None or found[0] != _I32:
            return None
        pages = int.from_bytes(found[1][:4], "little")
        asked = self.memory.refresh() + pages * _PAGE
        # A memory that declares a smaller maximum than its limit was refused by its own author.
        return asked if pages and asked > self.limits.memory else None

    def global_value(self, name: bytes) -> tuple[int, bytes] | None:
        """The engine's number of the kind, and 16 bytes that begin with the value, of an exported global; or None."""
        item, instance = native.new("wasmtime_extern_t *"), self._scratch.instance
        if not native.lib.wasmtime_instance_export_get(self._store_context, instance, name, len(name), item):
            return None
        # A guest may export anything by this name itself: the engine aborts on a handle of another kind.
        if item.kind != _GLOBAL:
            return None
        value = native.new("wasmtime_val_t *")
        kept = native.new("wasmtime_global_t *", item.of.global_)
        native.lib.wasmtime_global_get(self._store_context, kept, value)
        return value.kind, bytes(native.buffer(native.address_of(value, "of"), 16))
