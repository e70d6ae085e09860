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
    # Blocked, signals wait until they are taken: none comes between a look for one and the wait for a child.
    waited = {*_PASSED_ON, signal.SIGCHLD}
    former = signal.pthread_sigmask(signal.SIG_BLOCK, waited)
    child = os.fork()
    if child:
        _gather(child, waited)
    else:
        signal.pthread_sigmask(signal.SIG_SETMASK, former)


def _gather(child: int, waited: set[signal.Signals]) -> None:
    while True:
        number = signal.sigwait(waited)
        if number != signal.SIGCHLD:
            os.kill(child, number)
            continue
        ended = -1
        while ended:  # one signal may stand for several that ended
            ended, status = os.waitpid(-1, os.WNOHANG)
            if ended == child:
                code = os.waitstatus_to_exitcode(status)
                os._exit(code if code >= 0 else 128 - code)  # as shells say it of one that a signal has ended
