"""One transaction for each scope at a time: between threads by a lock, between processes by one byte of a lock file."""

from __future__ import annotations

import fcntl
import os
import struct
import threading
import time
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from wardian.errors import Cancelled, CapabilityError, StateError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from wardian.state.contract import Scope

_LOOK_UP: Final = 0.02  # seconds between two looks at `cancelled`
_RETRY_AFTER_MS: Final = 100
_FIRST_PAUSE: Final = 20e-6  # a commit takes about so long
_LONGEST_PAUSE: Final = 2e-3


class ScopeLocks:
    """Who holds which scope. With a lock file, also between processes; the kernel lets go for a process that dies.

    The lock belongs to the open file and not to the process, so two stores of one process exclude each other as well,
    and closing one does not let go of what the other holds.
    """

    def __init__(self, file: Path | None = None) -> None:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            self._file = None if file is None else os.open(file, flags, 0o600)
        except OSError as error:
            raise StateError(f"the lock file cannot be used: {error.strerror}", where=str(file)) from error
        self._process = os.getpid()
        self._closed = False
        self._mutex = threading.RLock()  # a forgotten transaction may be collected while its thread is in here
        self._turns: dict[Scope, _Turn] = {}

    def acquire(self, scope: Scope, deadline_at: float, cancelled: Callable[[], bool]) -> None:
        """Hold the scope, or raise as `StateStore.begin` does."""
        me = threading.get_ident()
        with self._mutex:
            turn = self._turns.setdefault(scope, _Turn())
            if turn.owner == me:
                raise CapabilityError("conflict", "this call already has a transaction on this state")
            turn.users += 1
        try:
            turn.wait(deadline_at, cancelled)
        except BaseException:
            self._forget(scope, turn)
            raise
        try:
            self._lock_byte(scope, deadline_at, cancelled)
        except BaseException:
            turn.free.release()
            self._forget(scope, turn)
            raise
        turn.owner = me

    def release(self, scope: Scope) -> None:
        """Let the next one have the scope."""
        # A forked child has the parent's open file, and would let go of what the parent holds.
        if self._file is not None and self._process != os.getpid():
            return
        turn = self._turns[scope]
        turn.owner = 0
        with self._mutex:
            if self._file is not None:
                _byte_lock(self._file, fcntl.F_UNLCK, _offset(scope))
        turn.free.release()
        self._forget(scope, turn)

    def close(self) -> None:
        """Let go of the lock file, and with it of what is held there."""
        with self._mutex:
            self._closed = True
            if self._file is not None:
                os.close(self._file)
                self._file = None

    def _lock_byte(self, scope: Scope, deadline_at: float, cancelled: Callable[[], bool]) -> None:
        if self._file is None and not self._closed:
            return
        offset = _offset(scope)
        pause = _FIRST_PAUSE
        while True:
            with self._mutex:  # a closed file's number may already be another file's
                if self._file is None:
                    raise StateError("the state store is closed", code="state_closed")
                if _byte_lock(self._file, fcntl.F_WRLCK, offset):
                    return
            _give_up_if(deadline_at, cancelled)
            # Never the same pause twice, so that processes do not keep step.
            time.sleep(pause * (0.5 + time.monotonic_ns() % 512 / 1024))  # the clock is chance enough
            pause = min(pause * 1.5, _LONGEST_PAUSE)

    def _forget(self, scope: Scope, turn: _Turn) -> None:
        with self._mutex:
            turn.users -= 1
            if not turn.users:
                del self._turns[scope]


@dataclass(eq=False, repr=False)
class _Turn:
    """A scope that somebody holds or waits for."""

    free: threading.Lock = field(default_factory=threading.Lock)
    owner: int = 0  # a thread's number, or 0
    users: int = 0

    def wait(self, deadline_at: float, cancelled: Callable[[], bool]) -> None:
        while not self.free.acquire(blocking=False):
            _give_up_if(deadline_at, cancelled)
            if self.free.acquire(timeout=max(0.0, min(_LOOK_UP, deadline_at - time.monotonic()))):
                return


def _give_up_if(deadline_at: float, cancelled: Callable[[], bool]) -> None:
    if cancelled():
        raise Cancelled("cancelled while waiting for state that another call holds")
    if time.monotonic() >= deadline_at:
        raise CapabilityError("transient", "another call holds this state for too long", retry_after_ms=_RETRY_AFTER_MS)


def _offset(scope: Scope) -> int:
    """The scope's byte of the lock file. Two scopes meet once in 2^62; then one waits for the other, no more."""
    plugin = scope.plugin.encode()
    name = struct.pack("<Q", len(plugin)) + plugin + scope.instance.encode()
    return int.from_bytes(blake2b(name, digest_size=8).digest(), "little") >> 2


def _byte_lock(file: int, kind: int, offset: int) -> bool:
    """Set or clear the lock on one byte; false when another open file has it."""
    # `struct flock`: kind, whence, start, length, process; the last must be 0 for a lock of the open file.
    request = struct.pack("hhqqi4x", kind, os.SEEK_SET, offset, 1, 0)
    try:
        fcntl.fcntl(file, fcntl.F_OFD_SETLK, request)
    except BlockingIOError:
        return False
    return True
