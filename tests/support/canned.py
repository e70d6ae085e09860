"""Guests that answer what a test says, whatever they are asked: a module made of replies, one entry point for each."""

from __future__ import annotations

from dataclasses import dataclass

from support.packages import BOUNDS, described
from support.wat import wasm_of
from wardian.abi.codec import encode

SPINS, TRAPS, ECHOES = -1, -2, -3  # in place of a packed result: what the guest does instead of answering
_BUFFER, _ROOM, _REPLIES = 2**19, 500_000, 1024  # the buffer for requests, its bytes, where replies begin


@dataclass(frozen=True)
class Does:
    """What an entry point does instead of giving a reply: `SPINS`, `TRAPS` or `ECHOES` its request."""

    what: int


@dataclass(frozen=True)
class Fails:
    """An error as the reply."""

    kind: str
    message: str = "no"
    more: tuple[tuple[str, object], ...] = ()

    def item(self) -> dict[str, object]:
        """The error item."""
        return {"kind": self.kind, "message": self.message, **dict(self.more)}


@dataclass(frozen=True)
class Each:
    """The replies of one call after another of the same instance; the last one stays."""

    replies: tuple[object, ...]


def canned(
    replies: dict[str, object],
    *symbols: object,
    tells: tuple[str, ...] = (),
    emits: dict[str, list[object]] | None = None,
    **package: object,
) -> bytes:
    """A guest that answers so, described with these symbols where there are any.

    Args:
        replies: the reply of each entry point: a value, `Fails`, `Does`, or `Each` of several.
        symbols: as `described` takes them.
        tells: entry points that tell the application's function `told_<name>` what they are asked.
        emits: the records that an entry point emits before it answers.
        package: more of the description.
    """
    wasm = wasm_of(module_text(replies, tells, emits or {}))
    return described(wasm, *symbols, **package) if symbols else wasm


def module_text(replies: dict[str, object], tells: tuple[str, ...], emits: dict[str, list[object]]) -> str:
    """The guest in the text format."""
    at, data, functions = _REPLIES, [], []
    imports = [f'(import "app" "told_{name}" (func $told_{name} (param i32 i32) (result i64)))' for name in tells]
    if emits:
        imports.append('(import "wardian" "emit" (func $emit (param i32 i32) (result i64)))')
    for name, given in replies.items():
        packed, first = [], ""
        if name in emits:
            content = encode(emits[name], BOUNDS)
            data.append(f'(data (i32.const {at}) "{_escaped(content)}")')
            first = f"(drop (call $emit (i32.const {at}) (i32.const {len(content)})))"
            at += len(content)
        if name in tells:
            first += f"(drop (call $told_{name} (local.get $at) (local.get $size)))"
        for reply in given.replies if isinstance(given, Each) else (given,):
            if isinstance(reply, Does):
                packed.append(reply.what)
                continue
            failed = isinstance(reply, Fails)
            content = encode(reply.item() if failed else reply, BOUNDS)
            data.append(f'(data (i32.const {at}) "{_escaped(content)}")')
            packed.append(at << 32 | failed << 31 | len(content))
            at += len(content)
        table, at = at, at + 8 * len(packed)
        data.append(f'(data (i32.const {table}) "{_escaped(b"".join(_bytes(each) for each in packed))}")')
        functions.append(_function(name, table, len(packed), first))
    assert at < _BUFFER
    return f"""(module {" ".join(imports)}
      (memory (export "memory") 16)
      (func (export "wardian_abi_v1"))
      (func (export "wardian_alloc") (param i32) (result i32)
        (select (i32.const {_BUFFER}) (i32.const 0) (i32.le_u (local.get 0) (i32.const {_ROOM}))))
      {" ".join(data)} {" ".join(functions)})"""


def _function(name: str, table: int, count: int, first: str) -> str:
    return f"""
      (global $calls_{name} (mut i32) (i32.const 0))
      (func (export "{name}") (param $at i32) (param $size i32) (result i64) (local $result i64)
        {first}
        (local.set $result (i64.load (i32.add (i32.const {table}) (i32.shl (global.get $calls_{name}) (i32.const 3)))))
        (if (i32.lt_u (global.get $calls_{name}) (i32.const {count - 1}))
          (then (global.set $calls_{name} (i32.add (global.get $calls_{name}) (i32.const 1)))))
        (if (i64.eq (local.get $result) (i64.const {SPINS})) (then (loop $again (br $again))))
        (if (i64.eq (local.get $result) (i64.const {TRAPS})) (then (unreachable)))
        (if (i64.eq (local.get $result) (i64.const {ECHOES}))
          (then (local.set $result (i64.or (i64.shl (i64.extend_i32_u (local.get $at)) (i64.const 32))
                                           (i64.extend_i32_u (local.get $size))))))
        (local.get $result))"""


def _bytes(packed: int) -> bytes:
    return (packed & (2**64 - 1)).to_bytes(8, "little")


def _escaped(content: bytes) -> str:
    return "".join(f"\\{byte:02x}" for byte in content)
