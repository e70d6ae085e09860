"""WASI preview 1, answered by functions of our own: a guest finds what its grants allow, and nothing of the host.

The engine's own WASI is not used: its waiting knows no deadline, its files are files of the host, and what its
callbacks raise is lost. No function here touches a file, a socket or a variable of the host's environment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from wardian.errors import AbiViolation
from wardian.sandbox import wasi_clock, wasi_fd, wasi_path, wasi_poll, wasi_process, wasi_random
from wardian.sandbox.hostfunc import HostFunction
from wardian.sandbox.wasi_errno import Errno, Refused
from wardian.sandbox.wasi_package import Package
from wardian.sandbox.wasi_world import World

if TYPE_CHECKING:
    from collections.abc import Callable

    from wardian.sandbox.deadline import Call

__all__ = ["MODULE", "Package", "World", "functions"]

MODULE: Final = "wasi_snapshot_preview1"


def functions() -> dict[tuple[str, str], HostFunction]:
    """All 46 functions of `wasi_snapshot_preview1`, by module and name; the same for every plugin.

    Each answers with an `errno`, 0 for success. What an instance's functions see is its `World`, which they find at
    `call.instance.context.wasi`.
    """
    offered = {
        (MODULE, name): HostFunction(MODULE, name, tuple(params.split()), ("i32",), _answering(answer))
        for part in (wasi_clock, wasi_fd, wasi_path, wasi_poll, wasi_process, wasi_random)
        for name, (params, answer) in part.FUNCTIONS.items()
    }
    offered[MODULE, "proc_exit"] = HostFunction(MODULE, "proc_exit", ("i32",), (), wasi_process.proc_exit)
    return offered


def _answering(answer: Callable[..., Any]) -> Callable[..., int]:
    """The function that gives 0, or the number for which `answer` refused.

    A pointer outside the memory is `FAULT`, and the guest goes on: so other hosts of WASI do, and its libraries expect.
    """

    def run(call: Call, *arguments: int) -> int:
        try:
            answer(call.instance.context.wasi, call, *arguments)
        except Refused as refused:
            return refused.errno
        except AbiViolation:
            return Errno.FAULT
        return 0

    return run
