"""What WASI says of the process a guest thinks it is: no arguments, no environment, no signals, no sockets."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, Final

from wardian.sandbox import wasi_vectors
from wardian.sandbox.faults import Exit
from wardian.sandbox.wasi_errno import Errno, Refused

if TYPE_CHECKING:
    from typing import Never

    from wardian.sandbox.deadline import Call
    from wardian.sandbox.wasi_world import World

_NONE: Final = struct.pack("<I", 0)


def sizes_get(_world: World, call: Call, count: int, size: int) -> None:
    """No argument, no variable, so no bytes for them."""
    wasi_vectors.require(call.instance.memory, size, len(_NONE))
    call.instance.memory.write(count, _NONE)
    call.instance.memory.write(size, _NONE)


def get(_world: World, _call: Call, _pointers: int, _buffer: int) -> None:
    """Nothing to write."""


def sched_yield(_world: World, _call: Call) -> None:
    """A guest is alone on its thread."""


def refuse(_world: World, _call: Call, *_arguments: int) -> Never:
    """Answer that there is no such function here."""
    raise Refused(Errno.NOSYS)


def proc_exit(_call: Call, code: int) -> Never:
    """End the call with this exit code; the process of the host goes on."""
    raise Exit(code)


FUNCTIONS: Final[dict[str, tuple[str, Any]]] = {
    "args_get": ("i32 i32", get),
    "args_sizes_get": ("i32 i32", sizes_get),
    "environ_get": ("i32 i32", get),
    "environ_sizes_get": ("i32 i32", sizes_get),
    "proc_raise": ("i32", refuse),
    "sched_yield": ("", sched_yield),
    "sock_accept": ("i32 i32 i32", refuse),
    "sock_recv": ("i32 i32 i32 i32 i32 i32", refuse),
    "sock_send": ("i32 i32 i32 i32 i32", refuse),
    "sock_shutdown": ("i32 i32", refuse),
}
