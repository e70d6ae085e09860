"""`SourceRequests`: asks a source by its name over HTTP, and answers with the record that came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from wardian import plain_json
from wardian.endpoints.http_exchange import Answer, Refused
from wardian.endpoints.webhook_body import payload_of
from wardian.errors import (
    Cancelled,
    CapabilityError,
    ConfigError,
    DeadlineExceeded,
    GuestError,
    LimitExceeded,
    RequestTooLarge,
    WardianError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wardian.endpoints.http_exchange import Head
    from wardian.record import Record

    Asked = Callable[[object, Mapping[str, str]], Record | None]

PREFIX: Final = "/sources/v1/"

# What an error is to the client, by its kind, or else by its type; the first type that fits counts.
BY_KIND: Final = {
    "invalid": 400,
    "denied": 403,
    "not_found": 404,
    "conflict": 409,
    "exhausted": 429,
    "config": 500,
    "internal": 500,
    "unimplemented": 501,
    "transient": 503,
}
BY_TYPE: Final[tuple[tuple[type[Exception], int], ...]] = (
    (RequestTooLarge, 413),
    (DeadlineExceeded, 504),
    (LimitExceeded, 500),
    (Cancelled, 503),
    (ConfigError, 500),
)


class SourceRequests:
    """`POST /sources/v1/NAME` gives the body to the source of that name.

    It answers 200 with the record, 204 where there is none, 404 for a name that is not known, and otherwise as
    `BY_KIND` and `BY_TYPE` have it. Of an error the client sees its kind; its message only where it is the client's
    own fault.

    Args:
        sources: by their names, such as `{"git": plugin_source.request}`; called on threads of the server.
        headers: the names, in lower case, of the headers that are handed on.
    """

    def __init__(self, sources: Mapping[str, Asked], headers: tuple[str, ...] = ()) -> None:
        self._sources, self._headers = sources, headers

    def named(self, head: Head) -> str | None:
        """The name that the request asks for, or None where it is for something else."""
        path = head.target.partition("?")[0]
        return unquote(path.removeprefix(PREFIX)) if path.startswith(PREFIX) else None

    def judge(self, name: str) -> None:
        """Raise `Refused` for a name that is not known."""
        if name not in self._sources:
            raise Refused(404, "there is no such source")

    def handle(self, name: str, head: Head, body: bytes) -> Answer:
        """The answer of the source of this name, which is known."""
        payload = payload_of(head, body)
        headers = {key: value for key, value in head.headers if key in self._headers}
        try:
            record = self._sources[name](payload, headers)
        except WardianError as error:
            return answer_of(error)
        if record is None:
            return Answer(204)
        # Through the writer that knows what JSON cannot say.
        return Answer(200, plain_json.read(plain_json.write(record.to_value())))


def answer_of(error: WardianError) -> Answer:
    """What the client is told of an error."""
    kind = error.kind if isinstance(error, (GuestError, CapabilityError)) else error.code
    if isinstance(error, (GuestError, CapabilityError)):
        status = BY_KIND.get(error.kind, 500)
    else:
        status = next((status for kind_of, status in BY_TYPE if isinstance(error, kind_of)), 500)
    told = error.message if status in (400, 413) else "unimplemented" if status == 501 else "the source failed"
    wait = getattr(error, "retry_after_ms", None)
    headers = {"Retry-After": str(-(-wait // 1000))} if wait and status in (429, 503) else {}
    return Answer(status, {"error": {"kind": kind, "message": told}}, headers)
