"""One request of a client and its answer, on a connection of its own, within time and bytes."""

from __future__ import annotations

import json
import logging
import socket
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import h11

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LOG: Final = logging.getLogger(__name__)
_HEAD: Final = 16 * 2**10  # bytes of the request line and the headers
_MOST_HEADERS: Final = 100
_READ: Final = 64 * 2**10
_DRAIN: Final = 0.5  # seconds to read on after a refusal, so that a client that still sends can see it
_DRAINED: Final = 2**20


@dataclass(frozen=True, slots=True)
class Head:
    """What a client asks for, before its body.

    Attributes:
        method: such as `POST`.
        target: path and query, as they were sent.
        headers: names in lower case and values, in their order.
    """

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)

    def header(self, name: str) -> str | None:
        """The value of a header; None where it is not there, or there several times."""
        found = [value for key, value in self.headers if key == name]
        return found[0] if len(found) == 1 else None

    def count(self, name: str) -> int:
        """How often it is there."""
        return sum(key == name for key, _ in self.headers)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the client is told.

    Attributes:
        status: from 200 to 599.
        body: plain data for JSON, or bytes to be sent as they are, or None for nothing.
        headers: more headers; they say what bytes are.
    """

    status: int
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one request may take.

    Attributes:
        seconds: from the connection to the end of the answer.
        body: bytes.
    """

    seconds: float
    body: int


class Refused(Exception):  # noqa: N818 - what happened
    """The request is not taken; `answer` says why."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.answer = Answer(status, {"error": {"message": message}}, headers or {})


def serve(
    connection: socket.socket, judge: Callable[[Head], None], handle: Callable[[Head, bytes], Answer], bounds: Bounds
) -> None:
    """Take one request, and answer it; the connection is then of no more use.

    Args:
        connection: a connected socket.
        judge: looks at what is asked for before its body is read; raises `Refused`.
        handle: gives the answer; what it raises is logged, and answered with 500.
        bounds: what it may take.

    Raises:
        OSError: the client is gone.
    """
    exchange = _Exchange(connection, bounds)
    try:
        head = exchange.head()
        judge(head)
        body = exchange.body(head)
        answer = _handled(handle, head, body)
    except Refused as refused:
        answer = refused.answer
    except h11.RemoteProtocolError as error:
        status = error.error_status_hint
        answer = Refused(status if status in (400, 413, 431, 501) else 400, "this is no request of HTTP/1.1").answer
    exchange.answer(answer)


def _handled(handle: Callable[[Head, bytes], Answer], head: Head, body: bytes) -> Answer:
    try:
        return handle(head, body)
    except Refused:
        raise
    except Exception:  # noqa: BLE001 - a fault of the application is none of the client's
        _LOG.exception("a request could not be handled")
        return Refused(500, "it failed").answer


class _Exchange:
    def __init__(self, connection: socket.socket, bounds: Bounds) -> None:
        self._connection, self._bounds = connection, bounds
        self._until = time.monotonic() + bounds.seconds
        self._parser = h11.Connection(h11.SERVER, max_incomplete_event_size=_HEAD)

    def head(self) -> Head:
        event = self._event()
        if not isinstance(event, h11.Request):
            raise ConnectionError("the client said nothing")
        if len(event.headers) > _MOST_HEADERS:
            raise Refused(431, f"expected at most {_MOST_HEADERS} headers")
        headers = tuple((name.decode("ascii"), value.decode("latin-1")) for name, value in event.headers)
        return Head(event.method.decode("ascii"), event.target.decode("ascii"), headers)

    def body(self, head: Head) -> bytes:
        length = head.header("content-length")
        if head.method == "POST" and length is None and not head.count("transfer-encoding"):
            raise Refused(411, "expected a `Content-Length`, or a body in chunks")
        if length is not None and int(length) > self._bounds.body:
            raise self._too_large()
        if self._parser.they_are_waiting_for_100_continue:
            go_on = h11.InformationalResponse(status_code=100, headers=[])
            self._send(self._parser.send(go_on) or b"")
        parts: list[bytes] = []
        size = 0
        while isinstance(event := self._event(), h11.Data):
            size += len(event.data)
            if size > self._bounds.body:
                raise self._too_large()
            parts.append(bytes(event.data))
        return b"".join(parts)

    def answer(self, answer: Answer) -> None:
        """Tell the client, and read on for a moment."""
        content = _content(answer.body)
        headers = [("Connection", "close"), *answer.headers.items()]
        if answer.status != 204:
            headers.append(("Content-Length", str(len(content))))
        if content:
            headers.append(("X-Content-Type-Options", "nosniff"))
            if not isinstance(answer.body, bytes):
                headers.append(("Content-Type", "application/json"))
        ended = self._parser.our_state is not h11.SEND_RESPONSE
        parser = h11.Connection(h11.SERVER) if ended else self._parser
        if ended:  # the parser gave up on the request, and would not speak any more
            parser.receive_data(b"POST / HTTP/1.1\r\nHost: wardian\r\n\r\n")
            parser.next_event()
        # The client may be out of time, and is told so all the same.
        self._until = max(self._until, time.monotonic() + _DRAIN)
        reply = parser.send(h11.Response(status_code=answer.status, headers=headers)) or b""
        if content:
            reply += parser.send(h11.Data(data=content)) or b""
        self._send(reply + (parser.send(h11.EndOfMessage()) or b""))
        self._drain()

    def _event(self) -> object:
        while (event := self._parser.next_event()) is h11.NEED_DATA:
            left = self._until - time.monotonic()
            if left <= 0:
                raise Refused(408, "the request took too long")
            self._connection.settimeout(left)
            try:
                data = self._connection.recv(_READ)
            except TimeoutError:
                continue
            self._parser.receive_data(data)
        return event

    def _send(self, data: bytes) -> None:
        left = self._until - time.monotonic()
        self._connection.settimeout(max(left, 0.001))
        self._connection.sendall(data)  # its timeout is for all of it

    def _drain(self) -> None:
        """Take what the client still sends: a connection that is closed over it would take the answer with it."""
        self._connection.shutdown(socket.SHUT_WR)
        until, taken = time.monotonic() + _DRAIN, 0
        while taken < _DRAINED and (left := until - time.monotonic()) > 0:
            self._connection.settimeout(left)
            try:
                data = self._connection.recv(_READ)
            except TimeoutError:
                return
            if not data:
                return
            taken += len(data)

    def _too_large(self) -> Refused:
        return Refused(413, f"expected a body of at most {self._bounds.body} bytes")


def _content(body: object) -> bytes:
    if isinstance(body, bytes):
        return body
    return b"" if body is None else json.dumps(body).encode() + b"\n"
