"""What one request may still use: time, and bytes off the wire."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

SLICE: Final = 0.02  # seconds of one wait: how late a request ends whose call was cancelled
HEAD: Final = 64 * 2**10  # bytes of an answer before its body; a read of the same size may come on top


class OverLimit(Exception):  # noqa: N818 - what happened
    """The request is over a field of `Limits`, which is named; `asked` is how far it came."""

    def __init__(self, limit: str, message: str, value: float, asked: float) -> None:
        super().__init__(message)
        self.limit, self.message, self.value, self.asked = limit, message, value, asked


class OutOfPatience(Exception):  # noqa: N818
    """The time that the guest itself gave the request is over."""


class CallOver(Exception):  # noqa: N818
    """The call that asked has to end, and its request with it."""


class Budget:
    """Time and bytes of one request, its redirects included; every wait asks it first.

    Args:
        most: the limit `http_time`, in seconds.
        patience: seconds that the guest gave it, or None.
        response: the limit `http_response`, in bytes.
        call_left: seconds that the call has left, 0 when it has to end; asked again at each wait.
    """

    def __init__(self, most: float, patience: float | None, response: int, call_left: Callable[[], float]) -> None:
        self._began = time.monotonic()
        self._most, self._patience, self._call_left = most, patience, call_left
        self._seconds = most if patience is None else min(most, patience)
        self.response = response
        # Framing and encodings that take more than the bytes which they carry are no honest answer.
        self._wire = 2 * response + 4 * HEAD
        self._taken = self._head = 0

    def left(self) -> float:
        """Seconds that are left.

        Raises:
            CallOver, OverLimit, OutOfPatience: none are; the first of these that is so.
        """
        of_call = self._call_left()
        if of_call <= 0:
            raise CallOver
        took = time.monotonic() - self._began
        if took >= self._seconds:
            if self._patience is not None and self._patience < self._most:
                raise OutOfPatience
            raise OverLimit(
                "http_time",
                f"a request may take {self._most:g} s, and this one is not done",
                self._most,
                round(took, 3),
            )
        return min(of_call, self._seconds - took)

    def wait(self) -> float:
        """Seconds to wait now, a slice at most; raises as `left` does."""
        return min(SLICE, self.left())

    def begin_head(self) -> None:
        """An answer is expected."""
        self._head = self._taken

    def take(self, size: int, *, head: bool) -> None:
        """Note so many bytes off the wire, of an answer's head or of its body.

        Raises:
            OverLimit: they are too many.
        """
        self._taken += size
        if self._taken > self._wire or (head and self._taken - self._head > 2 * HEAD):
            raise self.too_large(self._taken)

    def too_large(self, seen: int) -> OverLimit:
        """What to raise for an answer of so many bytes."""
        return OverLimit("http_response", f"an answer may have {self.response} bytes", self.response, seen)
