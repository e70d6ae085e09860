"""A guest's linear memory, read and written within its bounds only."""

from __future__ import annotations

from typing import Any, Final

from wardian.errors import AbiViolation
from wardian.sandbox import native

_size_of: Final = native.lib.wasmtime_memory_data_size


class Memory:
    """The linear memory of one instance.

    Its base never moves (see `engine`), so one view is kept until the memory grows; no view leaves this object.
    Threads: only the one that runs the instance.

    Attributes:
        size: bytes that are known to be there; a memory never shrinks, so it may lag behind but never lead.
        buffer: the same bytes as a C buffer, which is faster to read; for `Instance.exchange` alone.
        view: the same bytes as a memoryview, which is faster to write; likewise.
    """

    __slots__ = ("_context", "_memory", "buffer", "size", "view")

    def __init__(self, context: Any, memory: Any) -> None:  # noqa: ANN401 - C handles
        self._context = context
        self._memory = memory
        self.size = 0
        self.buffer: Any = b""
        self.view = memoryview(b"")
        self.refresh()

    def refresh(self) -> int:
        """The size now, in bytes; what the guest grew meanwhile becomes readable."""
        size: int = _size_of(self._context, self._memory)
        if size != self.size:
            base = native.lib.wasmtime_memory_data(self._context, self._memory)
            self.buffer = native.buffer(base, size)
            self.view = memoryview(self.buffer).cast("B")
            self.size = size
        return size

    def read(self, start: int, length: int) -> bytes:
        """A copy of `length` bytes from `start`.

        Raises:
            AbiViolation: when any of them is outside the memory.
        """
        end = start + length
        if not 0 <= start <= end <= self.size:
            self.require(start, length)
        return self.buffer[start:end]  # type: ignore[no-any-return] # a slice of a C buffer is bytes

    def write(self, start: int, data: bytes | memoryview) -> None:
        """Copy `data` to `start`.

        Raises:
            AbiViolation: when any byte would fall outside the memory; nothing is written then.
        """
        end = start + len(data)
        if not 0 <= start <= end <= self.size:
            self.require(start, len(data))
        self.view[start:end] = data

    def close(self) -> None:
        """Forget the view; the memory itself goes with its store, and asking for it from now on is a `TypeError`."""
        self.buffer, self.view = b"", memoryview(b"")
        self._context = self._memory = None
        self.size = 0

    def require(self, start: int, length: int) -> None:
        """Look again whether so many bytes from `start` lie within the memory, which may have grown.

        Raises:
            AbiViolation: they do not.
        """
        size = self.refresh()
        if not (start >= 0 and length >= 0 and start + length <= size):
            raise AbiViolation(
                f"the guest gave a pointer outside its memory: {length} bytes at {start}, of {size}",
                code="bad_pointer",
                hint="the plugin's author has to pass pointers and lengths within the exported memory",
            )
