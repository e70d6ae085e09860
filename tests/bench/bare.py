"""Calls of a guest with nothing around them, as floors to measure against. They look inside a loaded plugin."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import wardian

Call = Callable[[str, bytes], bytes]


def unchecked(plugin: wardian.Plugin) -> Call:
    """A C call and two copies: what no runtime that goes through this engine can leave out."""
    instance, pointer = _inside(plugin)
    enter, context, slots, trap = instance._call, instance._store_context, instance._slots, instance._trap
    handle, buffer = instance.function("echo"), instance.memory.buffer
    view = memoryview(buffer).cast("B")  # faster to write than the buffer is

    def call(_entry: str, request: bytes) -> bytes:
        size = len(request)
        view[pointer : pointer + size] = request
        slots[0] = pointer
        slots[2] = size
        enter(context, handle, slots, 2, trap)
        return buffer[pointer : pointer + size]

    return call


def checked(plugin: wardian.Plugin) -> Call:
    """The same with every check of a pointer or a length that the ABI asks of a host, and nothing else."""
    instance, pointer = _inside(plugin)
    enter, context, slots, trap = instance._call, instance._store_context, instance._slots, instance._trap
    words, memory, function = instance._words, instance.memory, instance.function
    most, most_reply, capacity = plugin.limits.request, plugin.limits.reply, 256

    def call(entry: str, request: bytes) -> bytes:
        size = len(request)
        if size > most or size > capacity:
            raise AssertionError("no room")
        memory.write(pointer, request)
        words[0] = pointer
        words[2] = size
        if enter(context, function(entry), slots, 2, trap) or words[4]:
            raise AssertionError("trapped")
        packed = words[0]
        length = packed & 0x7FFFFFFF
        if length > most_reply or packed & 0x80000000:
            raise AssertionError("refused")
        return memory.read(packed >> 32 & 0xFFFFFFFF, length)

    return call


def _inside(plugin: wardian.Plugin) -> tuple[object, int]:
    """The instance of an idle plugin, and where its requests go."""
    plugin.call_bytes("echo", b"x" * 64)
    guest = plugin._pool.idle[-1]
    return guest._instance, guest._pointer
