"""HTTP requests, to the hosts that were granted; needs the capability `http`."""

import json
from dataclasses import dataclass

from wardian_sdk import host

_request = host.function("wardian", "http_request")


@dataclass(frozen=True)
class Response:
    """An answer.

    Attributes:
        status: such as 200; every status is an answer.
        headers: by name in lower case.
        body: the bytes.
    """

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self):
        """The body as UTF-8."""
        return self.body.decode()

    def json(self):
        """The body as JSON."""
        return json.loads(self.body)


def request(method, url, *, headers=None, body=None, timeout_ms=None):
    """Ask, and give the answer; a text as body is sent as UTF-8.

    Raises:
        Denied: the host is not granted.
        Transient: it could not be reached, or did not answer in time.
    """
    body = body.encode() if isinstance(body, str) else body
    optional = (("headers", headers), ("body", body), ("timeout_ms", timeout_ms))
    asked = {"method": method, "url": url} | {k: v for k, v in optional if v is not None}
    return Response(**_request(asked))


def get(url, **options):
    """`request("GET", …)`."""
    return request("GET", url, **options)


def post(url, **options):
    """`request("POST", …)`."""
    return request("POST", url, **options)
