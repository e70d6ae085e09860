"""A guest driven with wasmtime and cbor2 alone: the ABI's host side in one page, independent of the runtime.

It serves to test SDKs and to check the runtime against a second reading of the ABI. It has no limits and no sandbox.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import cbor2
import wasmtime

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Function = Callable[[object], object]

FAILED = 1 << 31


class GuestFailed(Exception):  # noqa: N818 - what the guest did
    """An entry point answered with an error; `error` is the whole of it."""

    def __init__(self, error: dict[str, object]) -> None:
        super().__init__(f"[{error['kind']}] {error['message']}")
        self.error = error


class GuestOutOfMemory(Exception):  # noqa: N818 - likewise
    """The guest has no buffer for a request of so many bytes."""


class Refused(Exception):  # noqa: N818 - what the host does
    """Raised by a host function to answer its guest with an error."""

    def __init__(self, kind: str, message: str, **more: object) -> None:
        super().__init__(message)
        self.error = {"kind": kind, "message": message, **more}


class RawGuest:
    """One instance of a guest.

    `functions` answers the imports of module `app`; `host` replaces answers of the module `wardian`.
    `state`, `logs`, `metrics` and `asked`, a list of imports and the bytes they were asked with, show what it did.
    `memory` bounds its linear memory, in bytes.
    """

    def __init__(
        self,
        path: Path,
        *,
        functions: dict[str, Function] | None = None,
        host: dict[str, Function] | None = None,
        state: dict[str, object] | None = None,
        memory: int = -1,
    ) -> None:
        self.state = {} if state is None else state
        self.logs: list[list[object]] = []
        self.metrics: list[list[object]] = []
        self.asked: list[tuple[str, bytes]] = []
        self._waiting = b""
        engine = wasmtime.Engine()
        self._store = wasmtime.Store(engine)
        self._store.set_limits(memory_size=memory)
        self.module = wasmtime.Module.from_file(engine, str(path))
        answers = {"wardian": {**self._own_answers(), **(host or {})}, "app": functions or {}}
        imports = [self._import(one.module, one.name, answers) for one in self.module.imports]
        self._exports = wasmtime.Instance(self._store, self.module, imports).exports(self._store)
        self.memory: wasmtime.Memory = self._exports["memory"]
        self._buffer, self._capacity = 0, 0

    def call(self, entry: str, request: object = None) -> object:
        """Calls an entry point with an item; raises GuestFailed when it answers with an error."""
        failed, reply = self.call_bytes(entry, cbor2.dumps(request))
        value = cbor2.loads(reply) if reply else None
        if failed:
            raise GuestFailed(value)
        return value

    def call_bytes(self, entry: str, request: bytes) -> tuple[bool, bytes]:
        """Calls an entry point with any bytes; gives whether it failed, and the reply's bytes."""
        if len(request) > self._capacity:
            buffer = self._exports["wardian_alloc"](self._store, len(request)) & 0xFFFFFFFF
            if not buffer:
                raise GuestOutOfMemory(len(request))
            self._buffer, self._capacity = buffer, len(request)
        self.memory.write(self._store, request, self._buffer)
        packed = self._exports[entry](self._store, self._buffer, len(request)) & 0xFFFFFFFFFFFFFFFF
        at, size = packed >> 32, packed & (FAILED - 1)
        assert at + size <= self.memory_size, "the reply lies outside memory"
        return bool(packed & FAILED), bytes(self.memory.read(self._store, at, at + size))

    @property
    def memory_size(self) -> int:
        """The bytes of linear memory."""
        return self.memory.data_len(self._store)

    def _import(self, module: str, name: str, answers: dict[str, dict[str, Function]]) -> wasmtime.Func:
        i32, i64 = wasmtime.ValType.i32(), wasmtime.ValType.i64()
        if (module, name) == ("wardian", "take"):
            return wasmtime.Func(self._store, wasmtime.FuncType([i32], []), self._take)
        answer = answers[module][name]

        def ask(at: int, size: int) -> int:
            at, size = at & 0xFFFFFFFF, size & 0xFFFFFFFF
            assert at + size <= self.memory_size, "the request lies outside memory"
            request = bytes(self.memory.read(self._store, at, at + size))
            self.asked.append((name, request))
            try:
                reply, sign = answer(cbor2.loads(request)), 1
            except Refused as refused:
                reply, sign = refused.error, -1
            self._waiting = b"" if reply is None else cbor2.dumps(reply)
            return sign * len(self._waiting)

        return wasmtime.Func(self._store, wasmtime.FuncType([i32, i32], [i64]), ask)

    def _take(self, at: int) -> None:
        self.memory.write(self._store, self._waiting, at & 0xFFFFFFFF)
        self._waiting = b""

    def _own_answers(self) -> dict[str, Function]:
        """Simple and true to the ABI, for each import of the module `wardian`."""
        state = self.state

        def add(request: list) -> int:
            key, delta = request
            if not isinstance(state.get(key, 0), int):
                raise Refused("invalid", f"`{key}` is not an integer")
            state[key] = state.get(key, 0) + delta
            return state[key]

        def swap(request: list) -> bool:
            key, expected, value = request
            if state.get(key) != expected:
                return False
            state[key] = value
            return True

        def keys(request: list) -> list[str]:
            prefix, after, limit = request
            found = sorted((key for key in state if key.startswith(prefix)), key=str.encode)
            return [key for key in found if after is None or key.encode() > after.encode()][:limit]

        return {
            "log": self.logs.append,
            "metric_record": self.metrics.append,
            "state_get": state.get,
            "state_put": lambda request: state.__setitem__(request[0], request[1]),
            "state_delete": lambda key: state.pop(key, None) is not None,
            "state_add": add,
            "state_swap": swap,
            "state_keys": keys,
            "emit": len,
            "clock_now": lambda _: [time.time_ns(), time.monotonic_ns()],
            "random_bytes": lambda size: bytes(range(size)),
            "http_request": lambda request: {"status": 200, "headers": {}, "body": request["url"].encode()},
            "template_expand": lambda text: text.replace("{name}", "Ada"),
            "vars_get": lambda name: state.get(f"vars/{name}"),
            "vars_set": lambda request: state.__setitem__(f"vars/{request[0]}", request[1]),
            "action_call": lambda request: {"action": request[0], "params": request[1]},
            "extension_call": lambda request: request,
            "cancelled": lambda _: False,
        }
