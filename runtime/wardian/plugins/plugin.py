"""A loaded plugin: what a program calls."""

from __future__ import annotations

import contextvars
import threading
import time
from typing import TYPE_CHECKING, Any, Final, Self

from wardian.abi.codec import CodecError, decode, encode
from wardian.errors import RequestTooLarge
from wardian.guests import wire
from wardian.guests.context import reply_bounds, request_bounds
from wardian.guests.guest import Order
from wardian.plugins.refusal import no_such_entry, no_thread
from wardian.plugins.uses import Uses
from wardian.sandbox.deadline import WITHIN
from wardian.sandbox.faults import printable

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Mapping
    from concurrent.futures import Executor
    from types import TracebackType

    from wardian.capabilities.emit import Taker
    from wardian.capabilities.metric import Metrics, Reading, Series
    from wardian.capabilities.variables import Variables
    from wardian.guests.guest import Guest
    from wardian.guests.outcome import Outcome
    from wardian.plugins.load import Loaded
    from wardian.policy import Limits
    from wardian.sandbox.deadline import Call
    from wardian.sandbox.pool import Pool
    from wardian.sandbox.prepared import Prepared

_CLOSING: Final = 0.01  # seconds between two looks for calls that began after their plugin was closed


class Plugin(Uses):
    """A plugin with a pool of instances, from `Runtime.load`; a context manager that closes it.

    Threads: all methods may be called from any number of threads at once; each call has an instance to itself, and
    waits at most 5 s (the limit `start_deadline`) for one.

    Attributes:
        name: the plugin's name; with `instance` the scope of its state.
        instance: the name of this configured use of it.
        limits: what each instance may use.
        entries: the names that can be called, or None where any can be (a WASI command decides itself).
        digest: sha256 of its wasm, in hex.
    """

    def __init__(
        self,
        name: str,
        instance: str,
        limits: Limits,
        entries: tuple[str, ...] | None,
        prepared: Prepared,
        pool: Pool[Guest],
        executor: Callable[[], Executor],
        metrics: Metrics,
        loaded: Loaded | None = None,
    ) -> None:
        super().__init__(loaded)
        self.name, self.instance, self.limits, self.digest = name, instance, limits, prepared.module.digest
        self.entries = entries
        self._known = None if entries is None else frozenset(entries)
        self._prepared, self._ticker = prepared, prepared.ticker
        self._pool, self._executor, self._metrics = pool, executor, metrics
        self._requests, self._replies = request_bounds(limits), reply_bounds(limits)
        self._plain, self._measured = Order(check=self._decode), Order(check=self._decode, measured=True)
        self._timed = Order(check=self._decode, measured=True, cpu=True)

    def call(self, entry: str, value: object = None) -> Any:  # noqa: ANN401 - whatever the guest answers
        """Call an entry point with one value, and give its reply as plain data.

        A value is None, a bool, an int of 64 bits, a float, text, bytes, an aware datetime, or lists and dicts of
        these.

        Raises:
            GuestError: the plugin answered with an error.
            Trap, AbiViolation: its code failed; the instance is replaced.
            LimitExceeded: a limit was hit; its subclasses say which.
            Cancelled: `cancel` or `close` was called meanwhile.
            HostFunctionError: a function of the application raised.
            PackageError: there is no such entry point.
            TypeError: the value holds what cannot be encoded.
        """
        # What `_encode` does, without its frame.
        try:
            request = encode(value, self._requests)
        except CodecError as error:
            raise self._refused(entry, wire.unencodable(error)) from None
        return self._perform(entry, request, self._plain)

    def call_bytes(self, entry: str, request: bytes) -> bytes:
        """Call an entry point with the caller's own encoding of one CBOR item, and give the reply as it is.

        The bytes are not looked at on either side; a null reply has no bytes. Raises as `call` does.
        """
        if len(request) > self._requests.size:
            raise self._refused(entry, wire.request_too_large(len(request), self._requests))
        # What `_perform` does, without its frame, where a guest is idle; none is where each call has a fresh one.
        known, pool = self._known, self._pool
        idle = pool.idle
        if not idle or (known is not None and entry not in known):
            return self._perform(entry, request, None)  # type: ignore[no-any-return] # bytes, without a check
        try:
            guest = idle.pop()
        except IndexError:  # another thread was faster
            return self._perform(entry, request, None)  # type: ignore[no-any-return] # as above
        try:
            return guest.call(entry, request)  # type: ignore[no-any-return] # as above
        finally:
            if guest.broken:
                pool.release(guest)
            else:
                idle.append(guest)
                if pool.attended:
                    pool.attend()

    def invoke(self, entry: str, value: object = None, *, cpu: bool = False) -> Outcome:
        """Call an entry point as `call` does, and give the reply with its receipt: what the call cost.

        CPU time is in it where `cpu` asks for it: two system calls, some 0.7 µs.
        """
        try:
            request = encode(value, self._requests)
        except CodecError as error:
            raise self._refused(entry, wire.unencodable(error)) from None
        return self._perform(entry, request, self._timed if cpu else self._measured)  # type: ignore[no-any-return] # an order that is measured

    async def acall(self, entry: str, value: object = None) -> Any:  # noqa: ANN401
        """Call an entry point on another thread, so that the event loop goes on; raises as `call` does.

        Functions of the application may be `async` here; they run on this event loop. Cancelling the task ends the
        guest.
        """
        return await self._away(entry, self._encode(entry, value), self._decode)

    async def ainvoke(self, entry: str, value: object = None, *, cpu: bool = False) -> Outcome:
        """What `invoke` gives, without blocking the event loop."""
        outcome: Outcome = await self._away(entry, self._encode(entry, value), self._decode, measured=True, cpu=cpu)
        return outcome

    def cancel(self, grace: float = 0.0) -> int:
        """End this plugin's running calls, from any thread, and no other's; within 5 ms they raise `Cancelled`.

        Those of its uses end too.

        Args:
            grace: seconds in which a guest that asks `cancelled` may come to an end by itself.

        Returns:
            How many calls were running.
        """
        running = self._ticker.calls_of(self._prepared)
        for call in running:
            self._ticker.end(call, "cancelled", grace)
        return len(running) + sum(use.cancel(grace) for use in self._open_uses())

    def metrics(self) -> Mapping[Series, Reading]:
        """What its instances have recorded so far, by series."""
        return self._metrics.snapshot()

    def close(self) -> None:
        """End its running calls and free all instances; waits for them for at most 5 s. A second time does nothing."""
        for use in self._open_uses():
            use.close()
        if self._pool.closed:
            return
        self._pool.close(f"the plugin `{self.name}` is closed")
        give_up = time.monotonic() + self.limits.start_deadline
        freed = False
        while not freed and time.monotonic() < give_up:
            # Again and again: a thread may have borrowed an instance just before, and enter it only now.
            for call in self._ticker.calls_of(self._prepared):
                self._ticker.end(call, "closed")
            freed = self._pool.wait_until_free(_CLOSING)

    @property
    def closed(self) -> bool:
        """Whether it answers no call any more."""
        return bool(self._pool.closed)

    def abandon(self, why: str) -> None:
        """Refuse every call from now on, and free nothing: for a process in which nothing can be freed safely."""
        self._pool.abandon(why)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        named = ", ".join(map(printable, self.entries or ())) or "no entry points"
        entries = "any entry point" if self.entries is None else printable(named, 1_000)
        state = "closed" if self._pool.closed else self._pool.describe()
        return f"<Plugin {self.name}/{self.instance}: {entries}; {state}>"

    def _encode(self, entry: str, value: object) -> bytes:
        try:
            return encode(value, self._requests)
        except CodecError as error:
            raise self._refused(entry, wire.unencodable(error)) from None

    def _refused(self, entry: str, error: RequestTooLarge | TypeError) -> RequestTooLarge | TypeError:
        if isinstance(error, RequestTooLarge):
            error.where = f"{self.name}: {entry}"
        return error

    def _decode(self, reply: bytes) -> object:
        if not reply:
            return None
        try:
            return decode(reply, self._replies)
        except CodecError as error:
            raise wire.undecodable(error) from None

    def _perform(self, entry: str, request: bytes, order: Order | None) -> Any:  # noqa: ANN401
        if self._known is not None and entry not in self._known:
            raise no_such_entry(entry, self.entries or (), self.name)
        pool = self._pool
        try:
            guest = pool.idle.pop() if pool.idle else None
        except IndexError:  # another thread was faster
            guest = None
        # Out of the handler, so that what making one raises has nothing to do with an empty queue.
        if guest is None:
            # Where no guest runs, none is around this call.
            around = self._around(order) if order is not None or self._ticker.running else None
            guest = pool.another(around)
        try:
            return guest.call(entry, request, order)
        finally:
            if guest.broken or pool.fresh:
                pool.release(guest)
            else:
                pool.idle.append(guest)
                if pool.attended:
                    pool.attend()

    def _around(self, order: Order | None = None) -> Call | None:
        """The call of a plugin within which this one is made, if there is one that is known of."""
        running = self._ticker.running.get(threading.get_ident())
        return running or (None if order is None else order.within)

    async def _away(
        self,
        entry: str,
        request: bytes,
        check: Callable[[bytes], object],
        *,
        measured: bool = False,
        cpu: bool = False,
        taker: Taker | None = None,
    ) -> Any:  # noqa: ANN401
        import asyncio  # noqa: PLC0415 - 20 ms of every start, for programs that have it already

        loop = asyncio.get_running_loop()
        begun: list[Call] = []
        given_up = threading.Event()

        def began(call: Call) -> None:
            begun.append(call)
            if given_up.is_set():
                self._ticker.end(call, "cancelled")

        within = WITHIN.get()
        around = self._around() or (None if within is None else within.call)
        order = Order(check=check, loop=loop, began=began, within=around, taker=taker, measured=measured, cpu=cpu)
        context = contextvars.copy_context()
        executor = self._executor()
        try:
            work = loop.run_in_executor(executor, context.run, self._perform, entry, request, order)
        except RuntimeError as error:
            given_up.set()  # the executor may hold the call still, and begin it once it has a thread
            raise no_thread(error) from error
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            given_up.set()
            work.cancel()
            for call in begun:
                self._ticker.end(call, "cancelled")
            work.add_done_callback(_forget)
            raise


def encoded(plugin: Plugin, entry: str, value: object) -> bytes:
    """The request of a call; raises as `Plugin.call` does for a value that cannot be encoded."""
    return plugin._encode(entry, value)  # noqa: SLF001 - its own module


def checked(
    plugin: Plugin,
    entry: str,
    request: bytes,
    shape: Callable[[object], object],
    *,
    taker: Taker | None = None,
    variables: Variables | None = None,
) -> Any:  # noqa: ANN401 - whatever `shape` makes of it
    """Call an entry point; what `shape` makes of the decoded reply is the value, what it raises fails the call.

    Args:
        plugin: whose entry point.
        entry: its name.
        request: the encoded request.
        shape: called before anything of the call is kept.
        taker: takes the records that the call emits, in place of the plugin's `on_emit`.
        variables: what the call sees as the job's variables, in place of the plugin's.
    """
    return ordered(plugin, entry, request, Order(check=shaped(plugin, shape), taker=taker, variables=variables))


def shaped(plugin: Plugin, shape: Callable[[object], object]) -> Callable[[bytes], object]:
    """What decodes a reply of the plugin and then checks its shape."""
    return lambda reply: shape(plugin._decode(reply))  # noqa: SLF001 - its own module


def ordered(plugin: Plugin, entry: str, request: bytes, order: Order) -> Any:  # noqa: ANN401
    """Call an entry point as it is ordered."""
    return plugin._perform(entry, request, order)  # noqa: SLF001


def end(plugin: Plugin, call: Call, reason: str) -> None:
    """End one call of the plugin, from any thread; `deadline`, `cancelled` or `closed` says why."""
    plugin._ticker.end(call, reason)  # noqa: SLF001


async def checked_away(
    plugin: Plugin, entry: str, request: bytes, shape: Callable[[object], object], *, taker: Taker | None = None
) -> Any:  # noqa: ANN401 - as above
    """The same as `checked`, without blocking the event loop."""
    check = lambda reply: shape(plugin._decode(reply))  # noqa: E731, SLF001
    return await plugin._away(entry, request, check, taker=taker)  # noqa: SLF001


def _forget(work: asyncio.Future[Any]) -> None:
    # Nobody waits for it any more; asked for, its exception is not reported as lost.
    if not work.cancelled():
        work.exception()
