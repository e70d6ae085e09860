"""How much native stack a thread has: a guest's lies on it, and one too small for it would crash the process."""

from __future__ import annotations

import threading
from threading import get_ident
from typing import Final

from wardian.errors import LimitExceeded
from wardian.quantity import format_size
from wardian.sandbox import native

# What the engine, the callback and the interpreter need below the guest's deepest frame.
_RESERVE: Final = 256 * 1024
# What they take between a guest and another one that is called within its call: 3 KiB, and whatever the function of the
# application takes that stands between them.
_BETWEEN: Final = 64 * 1024


def room() -> int:
    """Bytes of native stack that the current thread had left when it first asked."""
    ident = get_ident()
    return rooms[ident] if ident in rooms else measure(ident)


def needed(stack: int) -> int:
    """Bytes of native stack that a guest with so much stack of its own needs."""
    return stack + _RESERVE


def taken(stack: int) -> int:
    """Bytes of native stack that a guest may have taken when it calls the host, which calls another guest."""
    return stack + _BETWEEN


def refusal(stack: int, around: int = 0) -> LimitExceeded:
    """The error for a thread that is too small, or of which the guests around may take so much."""
    left = max(0, room() - around)
    return LimitExceeded(
        f"this thread has {format_size(left)} of stack left; a guest with a stack of {format_size(stack)} "
        f"needs {format_size(needed(stack))}",
        limit="stack", value=left, asked=needed(stack),
        hint="call `threading.stack_size(8 << 20)` before the thread is started, or lower the limit `stack`",
    )  # fmt: skip


def ident_below() -> int:
    """What `get_ident` gives, asked for three frames further down: a callback needs as many to end its guest.

    A callback that cannot begin ends nothing: the guest would go on with a result that nobody gave.

    Raises:
        RecursionError: the interpreter does not take so many.
    """
    return _second_frame()


def _second_frame() -> int:
    return _third_frame()


def _third_frame() -> int:
    return get_ident()


def measure(ident: int) -> int:
    """Find the room of the current thread, whose identifier this is, and keep it in `rooms` until the thread ends."""
    libc = native.libc
    attributes = native.new("char[256]")  # a pthread_attr_t takes 56 bytes with glibc, 64 with others
    lowest, size = native.new("void **"), native.new("size_t *")
    if libc.pthread_getattr_np(libc.pthread_self(), attributes) != 0:
        return 0
    libc.pthread_attr_getstack(attributes, lowest, size)
    libc.pthread_attr_destroy(attributes)
    # The address of a C local would be exact; what the interpreter has used so far is covered by the reserve below it.
    _kept.entry = _Entry(ident)  # first: where a signal handler raises in between, nothing is kept that stays
    room = rooms[ident] = int(size[0])
    return room


class _Entry:
    """A thread in `rooms`: taken out when this is freed, for the next thread may have its identifier."""

    def __init__(self, ident: int) -> None:
        self._ident, self._rooms = ident, rooms

    def __del__(self) -> None:
        self._rooms.pop(self._ident, None)


# The room of each thread that has entered a guest, by its identifier. No thread asks for another one's. To look at a
# `threading.local` takes 0.1 µs, of a call of 1.8.
rooms: Final[dict[int, int]] = {}
_kept: Final = threading.local()
