"""`Lines`: bytes as they come, cut into lines of a bounded length."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    r"""One line.

    Attributes:
        data: its bytes, without `\\n` or `\\r\\n`.
        size: how many bytes it took, its end included.
        cut: whether it was longer than allowed, so that `data` is only its beginning.
    """

    data: bytes
    size: int
    cut: bool = False


class Lines:
    """Cuts what it is fed; however long a line is, it holds `most` bytes of it, and what one feeding brought.

    Args:
        most: bytes of a line; what is behind them is dropped, up to the next line.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._ready: deque[Line] = deque()
        self._kept, self._size = bytearray(), 0

    def feed(self, data: bytes) -> None:
        """Take bytes."""
        *whole, rest = data.split(b"\n")
        for part in whole:
            self._add(part)
            self._finish(1)
        self._add(rest)

    def end(self) -> None:
        """There is no more: what is left is a line too."""
        if self._size:
            self._finish(0)

    def take(self) -> Line | None:
        """The next line, or None before there is one."""
        return self._ready.popleft() if self._ready else None

    def waiting(self) -> bool:
        """Whether there is a line."""
        return bool(self._ready)

    def reset(self) -> None:
        """Forget everything."""
        self._ready.clear()
        self._kept, self._size = bytearray(), 0

    def _add(self, part: bytes) -> None:
        room = self._most + 1 - len(self._kept)  # one more, for the `\r` that is no part of it
        if room > 0:
            self._kept += part[:room]
        self._size += len(part)

    def _finish(self, end: int) -> None:
        data = bytes(self._kept)
        if self._size == len(data):
            data = data.removesuffix(b"\r")
        cut = self._size > len(self._kept) or len(data) > self._most
        self._ready.append(Line(data[: self._most], self._size + end, cut))
        self._kept, self._size = bytearray(), 0
