"""Runs a module's initialiser under limits, and reads what it left."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wardian.abi.bounds import Bounds
from wardian.abi.codec import CodecError, decode
from wardian.abi.contract import ALLOC, INITIALIZE, unpack
from wardian.abi.failure import ErrorItem, WrongShape
from wardian.errors import AbiViolation, GuestError, MemoryExceeded, PackageError
from wardian.sandbox.compiler import Compiler
from wardian.sandbox.engine import Engines, Settings
from wardian.sandbox.prepared import Prepared
from wardian.sandbox.ticker import Ticker
from wardian.snapshot import world

if TYPE_CHECKING:
    from collections.abc import Callable

    from wardian.capabilities.log import LogLine
    from wardian.policy import Limits
    from wardian.sandbox.deadline import Call
    from wardian.sandbox.instance import Instance
    from wardian.snapshot.marking import Marked
    from wardian.snapshot.outline import Outline

_PLAIN: Final = ((), ())
_NULL: Final = b"\xf6"  # the item that an entry point expects at least
_ENTRY: Final = (("i32", "i32"), ("i64",))


@dataclass(frozen=True, slots=True)
class Remains:
    """What an initialiser left: all of the memory, the bits of each global that is carried, what cannot be carried."""

    memory: bytes
    globals: dict[int, bytes]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """How a module is initialised.

    Attributes:
        entry: the export to call after `_initialize`, or None.
        argument: bytes to hand to it, or None for an entry that takes none.
        limits: what it may use; `start_deadline` is for all of it.
        name: for the log lines.
        log: takes them.
    """

    entry: str | None
    argument: bytes | None
    limits: Limits
    name: str
    log: Callable[[LogLine], None]


def check(module: Outline, order: Order) -> None:
    """Whether the module can be initialised so.

    Raises:
        PackageError: the entry is not there, or of another type than its argument needs.
    """
    exports = {each.name: each for each in module.interface.exports}
    if order.entry is None:
        if order.argument is not None:
            raise PackageError("there is no entry that takes the argument", code="no_such_entry")
        if INITIALIZE not in exports and 8 not in module.parts:
            raise PackageError(
                "the module has nothing to run before a snapshot is made", code="no_such_entry",
                hint="export an entry and name it with `--entry`",
            )  # fmt: skip
        return
    entry = exports.get(order.entry)
    wanted = [_ENTRY] if order.argument is not None else [_PLAIN, _ENTRY]
    if entry is None or entry.kind != "func" or (entry.params, entry.results) not in wanted:
        needs = "func (i32, i32) -> (i64)" if order.argument is not None else "func () -> ()"
        raise PackageError(
            f"the module exports no `{order.entry}` of the type {needs}", code="no_such_entry",
            hint="an entry with an argument has the type of the ABI's entry points",
        )  # fmt: skip


def run(marked: Marked, order: Order) -> Remains:
    """Run start section, `_initialize` and entry of a marked module.

    Raises:
        GuestError: the entry answered with an error.
        PackageError, WardianError: the module cannot run, or whatever ended it.
    """
    limits = order.limits
    engine = Engines().get(Settings(metered=limits.fuel is not None), limits.stack)
    module = Compiler(None).compile(marked.wasm, engine, limits)
    with closing(Ticker()) as ticker:
        prepared = Prepared(module, engine, ticker, world.offer(module, limits))
        context = world.World(limits, order.name, order.log)
        instance, call = prepared.instantiate(limits, limits.start_deadline, context)
        with closing(instance):
            try:
                if module.function(INITIALIZE, *_PLAIN) is not None:
                    instance.run(call, instance.function(INITIALIZE))
                if order.entry is not None and order.entry != INITIALIZE:
                    _enter(instance, call, order)
            finally:
                context.wasi.finish(call)
            return _read(instance, marked)


def _enter(instance: Instance, call: Call, order: Order) -> None:
    entry = order.entry or ""
    handle = instance.function(entry)
    kind = instance.prepared.module.exports[entry]
    if (kind.params, kind.results) == _PLAIN:
        instance.run(call, handle)
        return
    room = instance.prepared.module.function(ALLOC, ("i32",), ("i32",))
    argument, pointer = order.argument, 0
    if argument is None:
        argument = _NULL if room else b""
    if argument:
        if room is None:
            raise PackageError(f"the module exports no `{ALLOC}` for the argument", code="abi_error")
        pointer = instance.run(call, instance.function(ALLOC), len(argument)) & 0xFFFFFFFF
        if not pointer:
            raise MemoryExceeded(
                f"the guest has no room for an argument of {len(argument)} bytes", value=order.limits.memory,
                asked=instance.refused_growth(), hint="raise the limit `memory`",
            )  # fmt: skip
        instance.memory.refresh()
        instance.memory.write(pointer, argument)
    result = unpack(instance.run(call, handle, pointer, len(argument)))
    if result.failed:
        instance.memory.refresh()
        raise _said(instance.memory.read(result.pointer, result.length), order)


def _said(reply: bytes, order: Order) -> GuestError | AbiViolation:
    try:
        item = ErrorItem.from_value(decode(reply, Bounds(order.limits.reply, order.limits.items, order.limits.depth)))
    except (CodecError, WrongShape) as error:
        return AbiViolation(f"`{order.entry}` failed with what is no error of the ABI: {error}", code="bad_error")
    return GuestError(item.kind, item.message, guest_code=item.code, details=item.details, where=order.entry or "")


def _read(instance: Instance, marked: Marked) -> Remains:
    values = {at: instance.global_value(name.encode()) for at, name in marked.globals.items()}
    noted = {what: instance.global_value(name.encode()) for name, what in marked.notes.items()}
    if lost := [marked.globals[at] for at, value in values.items() if value is None]:
        raise PackageError(f"the module does not export `{lost[0]}` after all", code="no_snapshot")
    return Remains(
        instance.memory.read(0, instance.memory.refresh()),
        {at: value[1] for at, value in values.items() if value is not None},
        tuple(what for what, value in noted.items() if value is None or any(value[1][:4])),
    )
