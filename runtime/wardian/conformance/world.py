"""The world of a plugin under test: all it may ask for is there, and nothing of it reaches outside.

State is in memory and new for each instance, clock and random are real, what it emits is taken and forgotten, its
variables are its own, and texts are given back as they are. Actions, extensions and functions of the application are
not found; each host of `http` is denied.
"""

from __future__ import annotations

import contextlib
import dataclasses
from typing import TYPE_CHECKING, Any, Final

from wardian.abi.codec import CodecError, decode
from wardian.abi.contract import APP_MODULE, HOST_IMPORTS, HOST_MODULE
from wardian.abi.failure import ErrorItem
from wardian.capabilities.cancelled import Cancelled
from wardian.capabilities.capability import QuotaSpent
from wardian.capabilities.clock import Clock
from wardian.capabilities.log import Log
from wardian.capabilities.metric import Metric, Metrics
from wardian.capabilities.random import Random
from wardian.capabilities.state import State
from wardian.errors import CapabilityError
from wardian.guests import imports, wire
from wardian.guests.context import Context, reply_bounds, request_bounds
from wardian.plugins.given import Given
from wardian.policy import Grants
from wardian.sandbox import hostfunc
from wardian.sandbox.wasi import World
from wardian.state.contract import Scope
from wardian.state.memory import MemoryStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from wardian.policy import Limits
    from wardian.sandbox.deadline import Call
    from wardian.sandbox.hostfunc import HostFunction
    from wardian.sandbox.module import Module


NAME: Final = "checked"  # of the plugin, and with `INSTANCE` the scope of its state
INSTANCE: Final = "default"
VARIABLES: Final = {"name": "Ada", "count": 3}
_GRANTS: Final = Grants(state=True, clock=True, random=True, emit=True, vars=True, actions=True, extensions=True)
_GIVEN: Final = Given(variables=VARIABLES, on_emit=lambda _records: None)


class Surroundings(Context):
    """What one instance is bound to.

    Attributes:
        store: its state.
    """

    __slots__ = ("store",)

    def __init__(self, limits: Limits) -> None:
        self.store = MemoryStore()
        scope = Scope(NAME, INSTANCE)
        makers: dict[str, Callable[[Context], Any]] = {
            "log": lambda _: Log(limits, NAME, INSTANCE, _forget),
            "metric": lambda _: Metric(Metrics()),
            "cancelled": lambda _: Cancelled(),
            "state": lambda _: State(limits, self.store, scope),
            "clock": lambda _: Clock(),
            "random": lambda _: Random(),
            "wasi": lambda _: wasi_world(self, None, b""),
        }
        super().__init__(NAME, INSTANCE, limits, makers | _GIVEN.makers(_GRANTS, limits))

    def kept(self) -> dict[bytes, bytes]:
        """All of its state."""
        return self.store.snapshot(Scope(NAME, INSTANCE))


def wasi_world(context: Context, reply_limit: int | None, stdin: bytes) -> World:
    """What WASI sees: no files, a clock, random bytes; what it prints counts as its log."""

    def log_line(_call: Call, level: int, text: str) -> None:
        if context.log not in context.touched:
            context.touched.append(context.log)
        with contextlib.suppress(QuotaSpent):
            context.log.write(level, text)

    return World(
        log_line, clock=True, random=True, seed=NAME.encode(), package=None, stdin=stdin, reply_limit=reply_limit
    )


def offer(module: Module, limits: Limits) -> dict[tuple[str, str], HostFunction]:
    """The host functions for all that the module imports and that the ABI knows."""
    offered = {
        (HOST_MODULE, each.name): hostfunc.exchange(HOST_MODULE, each.name, _answer(each.name, limits))
        for each in module.imports
        if each.module == HOST_MODULE and each.name in _STANDING_IN
    }
    rest = tuple(each for each in module.imports if (each.module, each.name) not in offered)
    absent = {each.name: _absent for each in rest if each.module == APP_MODULE}
    return offered | imports.offer(dataclasses.replace(module, imports=rest), _GRANTS, limits, absent)


def needs(module: Module) -> tuple[str, ...]:
    """The capabilities that the module's imports ask for, in the order of their names."""
    asked = {HOST_IMPORTS.get(each.name) for each in module.imports if each.module == HOST_MODULE}
    own = {f"{APP_MODULE}.{each.name}" for each in module.imports if each.module == APP_MODULE}
    return tuple(sorted({*filter(None, asked), *own}))


def _answer(name: str, limits: Limits) -> Callable[[Call, bytes], tuple[bool, bytes]]:
    requests, replies = request_bounds(limits), reply_bounds(limits)
    ask = _STANDING_IN[name]

    def answer(_call: Call, request: bytes) -> tuple[bool, bytes]:
        try:
            value = decode(request, requests) if request else None
        except CodecError as error:
            raise wire.unreadable(error, f"{HOST_MODULE}.{name}") from None
        try:
            return True, wire.encode_reply(ask(value), replies, name)
        except CapabilityError as error:
            item = ErrorItem(error.kind, error.message)
            return False, wire.encode_reply(item.to_value(), replies, name)

    return answer


def _absent(_request: object) -> object:
    raise CapabilityError("not_found", "nothing of the application is here while a plugin is checked")


def _http(_request: object) -> object:
    raise CapabilityError("denied", "no host can be asked while a plugin is checked")


def _expand(request: object) -> str:
    if not isinstance(request, str):
        raise CapabilityError("invalid", "expected a text")
    return request


def _forget(_said: object) -> None:
    pass


_STANDING_IN: Final[dict[str, Callable[[object], object]]] = {
    "http_request": _http,
    "template_expand": _expand,
}
