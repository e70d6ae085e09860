"""A guest's linear memory, read and written within its bounds only."""

from __future__ import annotations

from typing import Any

from wardian.errors import AbiViolation
from wardian.sandbox import native


class Memory:
    """The linear memory of one instance.

    Its base never moves (see `engine`), so one view is kept until the memory grows; no view leaves this object.
    Threads: only the one that runs the instance.

    Attributes:
        size: bytes that are known to be there; a memory never shrinks, so it may lag behind but never lead.
    """

    __slots__ = ("_buffer", "_context", "_memory", "_view", "size")

    def __init__(self, context: Any, memory: Any) -> None:  # noqa: ANN401 - C handles
        self._context = context
        self._memory = memory
        self.size = 0
        # The same bytes twice: the one is faster to read, the other to write.
        self._buffer: Any = b""
        self._view = memoryview(b"")
        self.refresh()

    def refresh(self) -> int:
        """The size now, in bytes; what the guest grew meanwhile becomes readable."""
        size = int(native.lib.wasmtime_memory_data_size(self._context, self._memory))
        if size != self.size:
            base = native.lib.wasmtime_memory_data(self._context, self._memory)
            self._buffer = native.buffer(base, size)
            self._view = memoryview(self._buffer).cast("B")
            self.size = size
        return size

    def read(self, start: int, length: int) -> bytes:
        """A copy of `length` bytes from `start`.

        Raises:
            AbiViolation: when any of them is outside the memory.
        """
        end = start + length
        if not 0 <= start <= end <= self.size:
            self._require(start, length)
        return self._buffer[start:end]  # type: ignore[no-any-return] # a slice of a C buffer is bytes

    def write(self, start: int, data: bytes | memoryview) -> None:
        """Copy `data` to `start`.

        Raises:
            AbiViolation: when any byte would fall outside the memory; nothing is written then.
        """
        end = start + len(data)
        if not 0 <= start <= end <= self.size:
            self._require(start, len(data))
        self._view[start:end] = data

    def close(self) -> None:
        """Forget the view; the memory itself goes with its store, and asking for it from now on is a `TypeError`."""
        self._buffer, self._view = b"", memoryview(b"")
        self._context = self._memory = None
        self.size = 0

    def _require(self, start: int, length: int) -> None:
        size = self.refresh()
        if not (start >= 0 and length >= 0 and start + length <= size):
            raise AbiViolation(
                f"the guest gave a pointer outside its memory: {length} bytes at {start}, of {size}",
                code="bad_pointer",
                hint="the plugin's author has to pass pointers and lengths within the exported memory",
            )
