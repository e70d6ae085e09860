"""`HttpServer`: takes connections, a bounded number at a time, each on a thread of its own for one request."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import TYPE_CHECKING, Final

from wardian.endpoints.http_exchange import Bounds, serve
from wardian.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from wardian.endpoints.http_exchange import Answer, Head

_BACKLOG: Final = 128
_LOOK: Final = 0.1  # seconds between two looks at whether to stop
_BUSY: Final = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"


class HttpServer:
    """Serves from its making until `stop`.

    Args:
        address: the address to listen at.
        port: its port, or 0 for any that is free.
        judge: as of `serve`.
        handle: as of `serve`; called on many threads.
        bounds: what one request may take.
        most: connections at a time; one more is answered with 503, and closed.

    Raises:
        ConfigError: it cannot listen there.
    """

    def __init__(
        self,
        address: str,
        port: int,
        *,
        judge: Callable[[Head], None],
        handle: Callable[[Head, bytes], Answer],
        bounds: Bounds,
        most: int,
    ) -> None:
        self._judge, self._handle, self._bounds, self._most = judge, handle, bounds, most
        self._open: set[socket.socket] = set()
        self._changed = threading.Condition()
        self._stopping = threading.Event()
        try:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            self._listener = socket.create_server((address, port), family=family, backlog=_BACKLOG)
        except OSError as error:
            where = f"{address}:{port}"
            raise ConfigError(f"no server can listen there: {error.strerror}", where=where) from None
        self._listener.settimeout(_LOOK)
        self.port: int = self._listener.getsockname()[1]
        self._accepting = threading.Thread(target=self._accept, name="wardian-http", daemon=True)
        self._accepting.start()

    def stop(self, grace: float) -> None:
        """Take no connection any more, and give those that are open so many seconds to end; then cut them."""
        self._stopping.set()
        self._accepting.join()
        until = time.monotonic() + grace
        with self._changed:
            while self._open and (left := until - time.monotonic()) > 0:
                self._changed.wait(left)
            for each in self._open:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
            # Cut connections end at their next read; only a handler that does not return is not waited for.
            self._changed.wait_for(lambda: not self._open, timeout=1.0)

    def _accept(self) -> None:
        with self._listener:
            while not self._stopping.is_set():
                try:
                    connection, _ = self._listener.accept()
                except TimeoutError:
                    continue
                except OSError:  # no descriptors are left, for now
                    self._stopping.wait(_LOOK)
                    continue
                self._begin(connection)

    def _begin(self, connection: socket.socket) -> None:
        with self._changed:
            full = len(self._open) >= self._most
            if not full:
                self._open.add(connection)
        if not full:
            try:
                threading.Thread(target=self._serve, args=(connection,), name="wardian-http-one", daemon=True).start()
            except RuntimeError:  # no more threads
                self._end(connection)
            return
        with connection, contextlib.suppress(OSError):
            connection.setblocking(False)  # noqa: FBT003 - takes no name
            connection.send(_BUSY)

    def _serve(self, connection: socket.socket) -> None:
        try:
            with contextlib.suppress(OSError):
                serve(connection, self._judge, self._handle, self._bounds)
        finally:
            self._end(connection)

    def _end(self, connection: socket.socket) -> None:
        connection.close()
        with self._changed:
            self._open.discard(connection)
            self._changed.notify_all()
