"""Imports are permissions: what a module imports is matched with what it was granted, before anything runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from wardian.abi.codec import CodecError, decode, encode
from wardian.abi.contract import APP_MODULE, HOST_IMPORTS, HOST_MODULE, TAKE, WASI_MODULE
from wardian.abi.failure import ErrorItem
from wardian.capabilities import (
    actions,
    cancelled,
    clock,
    emit,
    extensions,
    log,
    metric,
    random,
    state,
    template,
    vars,  # noqa: A004 - the capability's name
)
from wardian.capabilities.app import App
from wardian.errors import CapabilityError, PermissionDenied
from wardian.guests import wire
from wardian.guests.context import reply_bounds, request_bounds
from wardian.sandbox import hostfunc
from wardian.sandbox.module import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wardian.abi.bounds import Bounds
    from wardian.policy import Grants, Limits
    from wardian.sandbox.deadline import Call
    from wardian.sandbox.hostfunc import HostFunction
    from wardian.sandbox.module import Module

# There is something to keep, to forget or to count at the call's end.
_SETTLING: Final = frozenset({"emit", "http", "log", "state", "vars"})
_METHODS: Final[dict[str, Callable[[Any, Any, Any], object]]] = {
    **log.IMPORTS, **state.IMPORTS, **clock.IMPORTS, **random.IMPORTS, **metric.IMPORTS, **cancelled.IMPORTS,
    **emit.IMPORTS, **vars.IMPORTS, **template.IMPORTS, **actions.IMPORTS, **extensions.IMPORTS,
}  # fmt: skip


def offer(
    module: Module, grants: Grants, limits: Limits, functions: Mapping[str, Callable[[Any], object]]
) -> dict[tuple[str, str], HostFunction]:
    """The host functions that the module imports and may have.

    Raises:
        PermissionDenied: with every import that is not granted, and the grants that would allow them.
    """
    offered: dict[tuple[str, str], HostFunction] = {}
    denied: dict[str, str] = {}
    for each in module.imports:
        name = f"{each.module}.{each.name}"
        if each.module == WASI_MODULE:
            continue
        if each.module == APP_MODULE:
            if each.name in functions:
                answer = _answer(name, limits, App(each.name, functions[each.name]).__call__)  # faster than the object
                offered[each.module, each.name] = hostfunc.exchange(each.module, each.name, answer)
            else:
                denied[name] = f"functions={{'{each.name}': …}}"
        elif each.module == HOST_MODULE and each.name == TAKE:
            offered[each.module, each.name] = hostfunc.take(HOST_MODULE)
        elif each.module == HOST_MODULE and each.name in HOST_IMPORTS:
            needed = HOST_IMPORTS[each.name]
            if needed is not None and not grants.allows(needed):
                denied[name] = _grant(needed)
            else:
                offered[each.module, each.name] = _capability(name, each.name, limits)
    if denied:
        _deny(denied)
    if any(each.module == WASI_MODULE for each in module.imports):
        from wardian.sandbox import wasi  # noqa: PLC0415 - 5 ms of every start, for those who use it

        offered |= wasi.functions()
    return offered


def _deny(denied: Mapping[str, str]) -> None:
    wanted = dict.fromkeys(denied.values())
    grants = ", ".join(each for each in wanted if not each.startswith("functions"))
    passed = ", ".join(each for each in wanted if each.startswith("functions"))
    hints = [f"grant it with `Grants({grants})`"] if grants else []
    hints += [f"pass the application's function with `{passed}`"] if passed else []
    raise PermissionDenied(
        f"the plugin imports what it was not granted: {listed(list(denied))}", imports=tuple(denied),
        hint=f"{', and '.join(hints)}, if you trust the plugin with it",
    )  # fmt: skip


def _grant(capability: str) -> str:
    return "http=['HOST:PORT']" if capability == "http" else f"{capability}=True"


def _capability(full: str, name: str, limits: Limits) -> HostFunction:
    capability = HOST_IMPORTS[name] or name.partition("_")[0]
    method = _http(name) if capability == "http" else _METHODS[name]
    settles = capability in _SETTLING

    def ask(call: Call, request: object) -> object:
        context = call.instance.context
        bound = getattr(context, capability)
        if settles and bound not in context.touched:
            context.touched.append(bound)
        return method(bound, call, request)

    answer = _answer(full, limits, ask)
    return hostfunc.exchange(HOST_MODULE, name, _counting_bytes(answer) if capability == "emit" else answer)


def _http(name: str) -> Callable[[Any, Any, Any], object]:
    from wardian.capabilities import http  # noqa: PLC0415 - 3 ms of every start, for those who make requests

    return http.IMPORTS[name]


def _counting_bytes(answer: Callable[[Call, bytes], tuple[bool, bytes]]) -> Callable[[Call, bytes], tuple[bool, bytes]]:
    """The same for a capability that keeps what it is given, and so has to know how large that is."""

    def counted(call: Call, request: bytes) -> tuple[bool, bytes]:
        call.asked_bytes = len(request)
        return answer(call, request)

    return counted


def _answer(
    name: str, limits: Limits, ask: Callable[[Call, object], object]
) -> Callable[[Call, bytes], tuple[bool, bytes]]:
    """Decode the request, ask, encode the reply or the error."""
    requests, replies = request_bounds(limits), reply_bounds(limits)

    def answer(call: Call, request: bytes) -> tuple[bool, bytes]:
        try:
            value = decode(request, requests) if request and request != wire.NULL else None
        except CodecError as error:
            raise wire.unreadable(error, name) from None
        try:
            reply = ask(call, value)
        except CapabilityError as error:
            if hasattr(error, "limit"):
                call.spent = error
            return False, _encode_error(error, replies)
        # What `wire.encode_reply` does, without its frame.
        if reply is None:
            return True, b""
        try:
            return True, encode(reply, replies)
        except CodecError as error:
            raise wire.unanswerable(error, name) from None

    return answer


def _encode_error(error: CapabilityError, bounds: Bounds) -> bytes:
    item = ErrorItem(error.kind, error.message, error.guest_code, error.retry_after_ms, error.details)
    return wire.encode_reply(item.to_value(), bounds, "an error")
