"""How much native stack a thread has: a guest's lies on it, and one too small for it would crash the process."""

from __future__ import annotations

import threading
from typing import Final

from wardian.errors import LimitExceeded
from wardian.quantity import format_size
from wardian.sandbox import native

# What the engine, the callback and the interpreter need below the guest's deepest frame.
_RESERVE: Final = 256 * 1024


def room() -> int:
    """Bytes of native stack that the current thread had left when it first asked."""
    return thread.room


def needed(stack: int) -> int:
    """Bytes of native stack that a guest with so much stack of its own needs."""
    return stack + _RESERVE


def refusal(stack: int) -> LimitExceeded:
    """The error for a thread that is too small."""
    return LimitExceeded(
        f"this thread has {format_size(room())} of stack left; a guest with a stack of {format_size(stack)} "
        f"needs {format_size(needed(stack))}",
        limit="stack", value=room(), asked=needed(stack),
        hint="call `threading.stack_size(8 << 20)` before the thread is started, or lower the limit `stack`",
    )  # fmt: skip


def _measure() -> int:
    libc = native.libc
    attributes = native.new("char[256]")  # a pthread_attr_t takes 56 bytes with glibc, 64 with others
    lowest, size = native.new("void **"), native.new("size_t *")
    if libc.pthread_getattr_np(libc.pthread_self(), attributes) != 0:
        return 0
    libc.pthread_attr_getstack(attributes, lowest, size)
    libc.pthread_attr_destroy(attributes)
    # The address of a C local would be exact; what the interpreter has used so far is covered by the reserve below it.
    return int(size[0])


class _Thread(threading.local):
    """The room of the current thread, measured when it first enters a guest."""

    def __init__(self) -> None:
        self.room = _measure()


thread: Final = _Thread()
