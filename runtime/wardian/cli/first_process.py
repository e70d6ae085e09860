"""The first process of a container: it has to gather processes that nobody else does, besides its own work."""

from __future__ import annotations

import os
import signal
from typing import Final

_PASSED_ON: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2)


def attend(*, first: bool | None = None) -> None:
    """Where this is the first process, do what that one has to, and go on in a child; else do nothing.

    A process whose parent has ended becomes a child of the first one, and stays as a zombie until that asks for it.
    What asks for any child must not be what starts some by itself, whose results it would take away. So the first
    process passes on signals and gathers children until its own ends, and ends as that does.

    It is to be called before there is any other thread.

    Args:
        first: whether it is the first one; by default that is found out.
    """
    if not (os.getpid() == 1 if first is None else first):
        return
    # Signals wait until there is somebody to pass them on to.
    former = signal.pthread_sigmask(signal.SIG_BLOCK, _PASSED_ON)
    child = os.fork()
    if child:
        _gather(child, former)
    else:
        signal.pthread_sigmask(signal.SIG_SETMASK, former)


def _gather(child: int, former: set[signal.Signals] | set[int]) -> None:
    for number in _PASSED_ON:
        signal.signal(number, lambda number, _: os.kill(child, number))
    signal.pthread_sigmask(signal.SIG_SETMASK, former)
    while True:
        ended, status = os.waitpid(-1, 0)
        if ended == child:
            code = os.waitstatus_to_exitcode(status)
            os._exit(code if code >= 0 else 128 - code)  # as shells say it of one that a signal has ended
