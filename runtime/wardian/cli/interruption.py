"""Ctrl-C while a guest runs: Python sees a signal between two of its own steps, and a guest is one long step."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Final, TypeVar

from wardian.cli.exit_codes import INTERRUPTED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Result = TypeVar("Result")

_PATIENCE: Final = 2.0  # seconds for one call to end by itself once it was told to
_STACK: Final = 8 * 2**20  # of the working thread; as large as a main thread's usually is


def interruptible(work: Callable[[], Result], end: Callable[[], object], patience: float = _PATIENCE) -> Result:
    """Do the work on another thread; when the person interrupts, call `end` and give the work time to come to its end.

    SIGTERM, with which services are stopped, is such an interruption; a second one of either ends the process at once.

    Args:
        work: what is to be done.
        end: makes it come to its end, from another thread.
        patience: seconds that it has for that.

    Raises:
        KeyboardInterrupt: when interrupted, whatever the work then did; work that does not end is left, and the
            process with it.
    """
    results: list[Result] = []
    failures: list[BaseException] = []
    done = threading.Event()

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - raised again below, by the thread that waits
            failures.append(error)
        finally:
            done.set()

    threading.stack_size(_STACK)
    thread = threading.Thread(target=run, name="wardian-call", daemon=True)
    try:
        with _terminable():
            thread.start()  # in here: the work may begin, and be interrupted, before this thread comes out of it
            done.wait()
    except KeyboardInterrupt:
        if not _ended(end, done, patience):
            sys.stderr.write("\ninterrupted\n")
            sys.stderr.flush()
            os._exit(INTERRUPTED)
        raise
    if failures:
        raise failures[0]
    return results[0]


def _ended(end: Callable[[], object], done: threading.Event, patience: float) -> bool:
    try:
        with _terminable():
            end()
            return done.wait(patience)
    except KeyboardInterrupt:
        return False


@contextlib.contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM interrupt the main thread, as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    former = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)
