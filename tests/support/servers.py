"""Servers on loopback that answer as a test says, byte for byte, and keep what they were sent."""

from __future__ import annotations

import contextlib
import datetime as dt
import socket
import ssl
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import trustme

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    Answer = Callable[["Asked"], bytes | Iterable[bytes]]


@dataclass(frozen=True)
class Asked:
    """A request as it arrived: the first line's words, headers in lower case, and the body."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    raw: bytes


def reply(body: bytes = b"ok", status: str = "200 OK", **headers: str) -> bytes:
    """A plain answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def redirect(location: str, status: int = 302) -> bytes:
    """An answer that leads elsewhere."""
    return reply(b"elsewhere", f"{status} Elsewhere", Location=location)


class Server:
    """A server on `address`; each connection is one request, which `answer` answers with bytes or with pieces of them.

    `asked` has the requests so far, and `connections` how often somebody connected.
    """

    def __init__(self, answer: Answer, address: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        self._answer, self._tls = answer, tls
        self._socket = socket.create_server((address, 0), family=socket.AF_INET6 if ":" in address else socket.AF_INET)
        self._closed = threading.Event()
        self.port: int = self._socket.getsockname()[1]
        self.host = f"[{address}]" if ":" in address else address
        self.authority = f"{self.host}:{self.port}"
        self.url = f"{'http' if tls is None else 'https'}://{self.authority}"
        self.asked: list[Asked] = []
        self.connections = 0
        self._threads = [threading.Thread(target=self._run, daemon=True)]
        self._threads[0].start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for thread in self._threads:
            thread.join(10)
            assert not thread.is_alive()

    def pause(self, seconds: float) -> bool:
        """Wait, but not beyond the server's end; gives whether it goes on."""
        return not self._closed.wait(seconds)

    def _run(self) -> None:
        while not self._closed.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, plain: socket.socket) -> None:
        with contextlib.ExitStack() as stack:
            stack.enter_context(plain)
            stack.enter_context(contextlib.suppress(OSError))
            plain.settimeout(20)
            connection = plain
            if self._tls is not None:
                connection = stack.enter_context(self._tls.wrap_socket(plain, server_side=True))
            asked = receive(connection)
            if asked is None:
                return
            self.asked.append(asked)
            given = self._answer(asked)
            for piece in (given,) if isinstance(given, bytes) else given:
                connection.sendall(piece)
                if self._closed.is_set():
                    return
            if self._tls is not None:
                connection.unwrap()


def receive(connection: socket.socket) -> Asked | None:
    """One request, or None when the peer went away before its end."""
    raw = b""
    while b"\r\n\r\n" not in raw:
        if not (data := connection.recv(65_536)):
            return None
        raw += data
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        if not (data := connection.recv(65_536)):
            return None
        body += data
        raw += data
    method, target, _ = first.split(" ")
    return Asked(method, target, headers, body, raw)


class Authority:
    """A certificate authority of the test's own; `ca` is its file."""

    def __init__(self, folder: Path) -> None:
        self._ca = trustme.CA()
        self.ca = folder / "ca.pem"
        self._ca.cert_pem.write_to_path(self.ca)

    def tls(self, *names: str, expired: bool = False) -> ssl.SSLContext:
        """What a server needs that proves to be these names, or did so once."""
        now = dt.datetime.now(dt.UTC)
        times = {"not_before": now - dt.timedelta(9), "not_after": now - dt.timedelta(2)} if expired else {}
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._ca.issue_cert(*names, **times).configure_cert(context)
        return context


class Resolver:
    """Answers each look-up with the next of its answers, the last of them from then on; `asked` counts."""

    def __init__(self, *answers: list[str]) -> None:
        self._answers = answers
        self.asked: list[tuple[str, int]] = []

    def __call__(self, host: str, port: int, seconds: float) -> list[str]:
        assert seconds > 0
        self.asked.append((host, port))
        return self._answers[min(len(self.asked), len(self._answers)) - 1]
