"""One HTTP message out, one in, over a connection that is used once; the only place that says h11."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import h11

from wardian.egress import decoding
from wardian.egress.budget import HEAD
from wardian.egress.failure import failed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wardian.egress.budget import Budget
    from wardian.egress.connection import Connection
    from wardian.egress.request import Request

_MOST_HEADERS: Final = 256
_HAS_A_BODY: Final = frozenset({"POST", "PUT", "PATCH"})  # servers expect a length with these, be it 0
_MOST_STATUS: Final = 599
_WITHOUT_A_BODY: Final = (204, 304)  # these may tell the length of one all the same


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered.

    Attributes:
        status: from 200 to 599.
        headers: names in lower case; values of one name joined by `, `.
        body: its bytes, unpacked.
    """

    status: int
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def exchange(connection: Connection, request: Request, secrets: Iterable[tuple[str, str]], budget: Budget) -> Answer:
    """Send the request, and receive its answer within the budget.

    Raises:
        CapabilityError: `protocol`, when what comes is no answer, or ends before its end.
        OverLimit: it is too large.
    """
    parser = h11.Connection(h11.CLIENT, max_incomplete_event_size=HEAD)
    try:
        connection.send(_message(parser, request, secrets))
        budget.begin_head()
        head = _head(parser, connection)
        headers = _headers(head)
        body = decoding.Body(headers.get("content-encoding", "").strip().lower(), budget)
        if request.method != "HEAD" and head.status_code not in _WITHOUT_A_BODY:
            _refuse_announced(headers, body, budget)
        for data in _bodies(parser, connection):
            body.feed(data)
        content = body.whole()
    except h11.ProtocolError:
        raise failed("protocol", "the server does not answer as HTTP has it") from None
    if body.unpacked:
        # They are about what came over the wire, and would mislead about what is handed on.
        headers = {name: value for name, value in headers.items() if name not in ("content-encoding", "content-length")}
    return Answer(head.status_code, headers, content)


def _message(parser: h11.Connection, request: Request, secrets: Iterable[tuple[str, str]]) -> bytes:
    destination = request.destination
    headers = [("Host", destination.authority), ("Connection", "close"), *request.headers, *secrets]
    # Parts of what is packed cannot be unpacked.
    headers.append(("Accept-Encoding", "identity" if request.has("range") else decoding.ACCEPTED))
    if not any(name == "user-agent" for name, _ in headers):
        headers.append(("User-Agent", "wardian"))
    if request.body is not None or request.method in _HAS_A_BODY:
        headers.append(("Content-Length", str(len(request.body or b""))))
    events: list[h11.Event] = [h11.Request(method=request.method, target=destination.target, headers=headers)]
    if request.body:
        events.append(h11.Data(data=request.body))
    events.append(h11.EndOfMessage())
    return b"".join(parser.send(event) or b"" for event in events)


def _head(parser: h11.Connection, connection: Connection) -> h11.Response:
    while True:
        event = _next(parser, connection, head=True)
        if isinstance(event, h11.Response):
            if event.status_code > _MOST_STATUS:
                break
            return event
        if not isinstance(event, h11.InformationalResponse) or event.status_code == 101:
            break
    raise failed("protocol", "the server does not answer as HTTP has it")


def _bodies(parser: h11.Connection, connection: Connection) -> Iterable[bytes]:
    while isinstance(event := _next(parser, connection, head=False), h11.Data):
        yield bytes(event.data)
    if not isinstance(event, h11.EndOfMessage):
        raise failed("protocol", "the answer ends before its end")


def _next(parser: h11.Connection, connection: Connection, *, head: bool) -> object:
    while (event := parser.next_event()) is h11.NEED_DATA:
        parser.receive_data(connection.receive(head=head))
    return event


def _headers(head: h11.Response) -> dict[str, str]:
    if len(head.headers) > _MOST_HEADERS:
        raise failed("protocol", f"the answer has more than {_MOST_HEADERS} headers")
    joined: dict[str, str] = {}
    for name, value in head.headers:
        key, text = name.decode("ascii").lower(), _text(value)
        joined[key] = f"{joined[key]}, {text}" if key in joined else text
    return joined


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _refuse_announced(headers: dict[str, str], body: decoding.Body, budget: Budget) -> None:
    """Refuse what says itself that it is too large, before any of it is received."""
    length = headers.get("content-length", "")
    if length.isdecimal() and not body.unpacks and int(length) > budget.response:
        raise budget.too_large(int(length))
