"""Bytes that a guest says instead of an item, in both places where the host listens: its replies and its requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.wat import wasm_of
from wardian import AbiViolation, LimitExceeded, ReplyTooLarge, RequestTooLarge

if TYPE_CHECKING:
    from collections.abc import Callable

# Answers with what its request, a byte string, holds.
UTTERS = """(module
  (memory (export "memory") 1)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param $size i32) (result i32)
    (drop (memory.grow (i32.add (i32.shr_u (local.get $size) (i32.const 16)) (i32.const 1))))
    (i32.const 65536))
  (func (export "say") (param $at i32) (param $size i32) (result i64)
    (local $low i32)
    (local $head i32)
    (local.set $low (i32.and (i32.load8_u (local.get $at)) (i32.const 31)))
    (local.set $head (i32.const 1))
    (if (i32.ge_u (local.get $low) (i32.const 24)) (then
      (local.set $head
        (i32.add (i32.const 1) (i32.shl (i32.const 1) (i32.sub (local.get $low) (i32.const 24)))))))
    (i64.or
      (i64.shl (i64.extend_i32_u (i32.add (local.get $at) (local.get $head))) (i64.const 32))
      (i64.extend_i32_u (i32.sub (local.get $size) (local.get $head))))))"""


class Listener:
    """What the host understands of the bytes of a real guest."""

    def __init__(self, understand: Callable[[bytes], object]) -> None:
        self.understand = understand

    def hear(self, data: bytes) -> object:
        """The value of the bytes."""
        return self.understand(data)

    def refused(self, data: bytes) -> str:
        """The error's text for bytes that are no item of the ABI; the guest's next item is understood again."""
        with pytest.raises(AbiViolation) as caught:
            self.understand(data)
        assert caught.value.code == "bad_cbor"
        text = str(caught.value)
        assert text.replace("\n", "").isprintable()
        assert len(text) < 1_000
        assert self.understand(b"\x82\x01\x61a") == [1, "a"]
        return text

    def too_much(self, data: bytes, limit: str) -> None:
        """The bytes are over this limit; the guest's next item is understood again."""
        with pytest.raises(LimitExceeded) as caught:
            self.understand(data)
        assert isinstance(caught.value, (ReplyTooLarge, RequestTooLarge))
        assert caught.value.limit == limit
        assert self.understand(b"\x01") == 1


def listening(place: str, runtime, load) -> Listener:
    """Listens to a guest's replies (`reply`), or to what it asks the application for (`request`)."""
    if place == "reply":
        plugin = runtime.load(wasm_of(UTTERS), name="utters")
        return Listener(lambda data: plugin.call("say", data))
    heard: list[object] = []
    replace = {'"wardian" "log"': '"app" "hear"', '(memory (export "memory") 4)': '(memory (export "memory") 64)'}
    plugin = load("asks", replace, functions={"hear": heard.append})

    def understand(data: bytes) -> object:
        heard.clear()
        plugin.call_bytes("ask", data)
        return heard[0]

    return Listener(understand)
