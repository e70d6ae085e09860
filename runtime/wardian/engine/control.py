"""`Control`: answers those who ask a running engine, over a socket in its state directory."""

from __future__ import annotations

import contextlib
import logging
import selectors
import socket
import stat
import threading
import time
from typing import TYPE_CHECKING, Any, Final, Self

from wardian import plain_json
from wardian.engine.asking import NAME, place, received
from wardian.errors import ConfigError, WardianError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    Handler = Callable[[Mapping[str, Any]], object]

_log: Final = logging.getLogger("wardian.engine")
_REQUEST: Final = 64 * 2**10  # bytes
_SECONDS: Final = 5.0  # for a request to come, and for each part of an answer to be taken
_MOST: Final = 16  # connections at a time
_BUSY: Final = b'{"error": {"code": "busy", "message": "too many ask at a time"}}\n'


class Control:
    """Serves from its making until `close`; a context manager.

    A request is one line of JSON, `{"do": NAME, …}`, and so is the answer: `{"ok": …}` or `{"error": {…}}`. Only the
    user whose process it is can connect. Handlers are called on threads of their own, several at a time; one that
    takes long keeps nobody else waiting, and no pipeline waits for any.

    Args:
        directory: the state directory, whose lock the caller holds: a socket that is left there is put away.
        handlers: what may be asked for, by name; each takes the request and gives plain data, or raises.
        tick: called about every five seconds on the thread that takes connections, for what is to be sampled.

    Raises:
        ConfigError: there can be no socket there.
    """

    def __init__(
        self, directory: Path, handlers: Mapping[str, Handler], tick: Callable[[], None] = lambda: None
    ) -> None:
        self._path, self._handlers, self._tick = directory / NAME, dict(handlers), tick
        self._slots = threading.BoundedSemaphore(_MOST)
        self._awake, self._wake = socket.socketpair()
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._listen(directory)
        except OSError as error:
            for each in (self._listener, self._awake, self._wake):
                each.close()
            raise ConfigError(f"no socket can be made: {error.strerror}", where=str(self._path)) from error
        self._thread = threading.Thread(target=self._accept, name="wardian-control", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Take no connection any more, and put the socket away. Requests that have begun go on. Idempotent."""
        if self._thread.is_alive():
            self._wake.send(b"\0")
            self._thread.join()
        self._wake.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _listen(self, directory: Path) -> None:
        with contextlib.suppress(FileNotFoundError):
            if stat.S_ISSOCK(self._path.lstat().st_mode):
                self._path.unlink()
        with place(directory) as address:
            self._listener.bind(address)
        # Nobody can connect before `listen`, so there is no moment at which others could.
        self._path.chmod(0o600)
        self._listener.listen(_MOST)
        self._listener.setblocking(False)  # noqa: FBT003 - takes no name

    def _accept(self) -> None:
        with selectors.DefaultSelector() as selector, self._listener, self._awake:
            selector.register(self._listener, selectors.EVENT_READ)
            selector.register(self._awake, selectors.EVENT_READ)
            due = time.monotonic()
            while True:
                ready = {key.fileobj for key, _ in selector.select(max(due - time.monotonic(), 0.0))}
                if self._awake in ready:
                    break
                if time.monotonic() >= due:
                    due = time.monotonic() + _SECONDS
                    self._guarded(self._tick)
                if self._listener in ready:
                    self._begin()
            with contextlib.suppress(OSError):
                self._path.unlink()

    def _begin(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except BlockingIOError:
            return
        except OSError:  # no descriptors are left, for now
            time.sleep(0.1)
            return
        if self._slots.acquire(blocking=False):
            try:
                threading.Thread(target=self._serve, args=(connection,), name="wardian-asked", daemon=True).start()
            except RuntimeError:  # no more threads
                self._slots.release()
            else:
                return
        with connection, contextlib.suppress(OSError):
            connection.setblocking(False)  # noqa: FBT003 - takes no name
            connection.send(_BUSY)

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection, contextlib.suppress(OSError, ValueError):
                line = received(connection, _REQUEST, time.monotonic() + _SECONDS)
                answer = plain_json.write(self._answer(line)).encode() + b"\n"
                for start in range(0, len(answer), 64 * 2**10):
                    connection.settimeout(_SECONDS)
                    connection.sendall(answer[start : start + 64 * 2**10])
        finally:
            self._slots.release()

    def _answer(self, line: bytes) -> dict[str, object]:
        try:
            asked = plain_json.read(line.decode())
        except ValueError as error:
            return _refusal("invalid", f"this is no JSON: {error}")
        if not isinstance(asked, dict) or not isinstance(asked.get("do"), str):
            return _refusal("invalid", 'expected a request such as {"do": "status"}')
        handler = self._handlers.get(asked["do"])
        if handler is None:
            return _refusal("unknown", f"expected one of {', '.join(sorted(self._handlers))}")
        try:
            return {"ok": handler(asked)}
        except WardianError as error:
            return _refusal(error.code, error.message, error.where, error.hint)
        except Exception:  # noqa: BLE001 - a fault of one request is told, and ends nothing
            _log.exception("a request to the engine could not be answered")
            return _refusal("internal", "it failed; the engine's log has why")

    @staticmethod
    def _guarded(work: Callable[[], None]) -> None:
        try:
            work()
        except Exception:  # noqa: BLE001 - as above
            _log.exception("the engine could not look at its pipelines")


def _refusal(code: str, message: str, where: str = "", hint: str = "") -> dict[str, object]:
    return {"error": {"code": code, "message": message, "where": where, "hint": hint}}
