"""The C memory that an instance needs beside its store: made once, and used again by a later instance of its module."""

from __future__ import annotations

from typing import Any, Final

from wardian.sandbox import native

TRAP: Final = 4  # the word that holds the address of a trap
MOST_SPARE: Final = 64  # so many are kept for later, by each module

# Types, looked up once.
_EXTERN, _FUNC, _MEMORY, _INSTANCE, _SLOTS, _ADDRESS = map(
    native.typeof,
    (
        "wasmtime_extern_t *", "wasmtime_func_t *", "wasmtime_memory_t *", "wasmtime_instance_t *", "int64_t[6]",
        "uintptr_t *",
    ),
)  # fmt: skip


class Scratch:
    """What the C API reads and writes for one instance at a time: to make it anew takes 4 µs, a tenth of a fresh call.

    Attributes:
        slots: two values of the C API, and the address of a trap.
        trap: where that address is put.
        words: the slots as words.
        answer: the first slot as two halves, the lower one first: a result of our ABI.
        instance: the handle of the instance.
        item: its memory as an export.
        memory: the handle of its memory, which lies in that item.
        functions: of each exported function that was asked for its name for the C API, the length of that, where to
            put what it is, and the handle that lies there.
    """

    __slots__ = ("answer", "functions", "instance", "item", "memory", "slots", "trap", "words")

    def __init__(self) -> None:
        self.slots = native.new(_SLOTS)
        self.trap = native.cast(_ADDRESS, self.slots + TRAP)
        octets = memoryview(native.buffer(self.slots)).cast("B")
        self.words, self.answer = octets.cast("q"), octets[:8].cast("I")
        self.instance = native.new(_INSTANCE)
        self.item = native.new(_EXTERN)
        self.memory = native.cast(_MEMORY, native.address_of(self.item, "of"))
        self.functions: dict[str, tuple[bytes, int, Any, Any]] = {}

    def function(self, name: str) -> tuple[bytes, int, Any, Any]:
        """Add an exported function to `functions`."""
        encoded, item = name.encode(), native.new(_EXTERN)
        handle = native.cast(_FUNC, native.address_of(item, "of"))  # it lies within the item
        found = self.functions[name] = (encoded, len(encoded), item, handle)
        return found
