"""What the body of a posted request says: JSON, text or bytes, by its type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from wardian.endpoints.http_exchange import Refused
from wardian.endpoints.line_record import parsed

if TYPE_CHECKING:
    from wardian.endpoints.http_exchange import Head

_JSON: Final = re.compile(r"application/(?:[a-z0-9.-]+\+)?json")
_TYPES: Final = "`application/json`, `text/plain` or `application/octet-stream`"


def require_known(head: Head) -> None:
    """Raise `Refused` for a type that `payload_of` does not know."""
    if head.count("content-type") > 1 or not (
        _JSON.fullmatch(kind := _kind(head)) or kind in ("text/plain", "application/octet-stream", "")
    ):
        raise Refused(415, f"expected a body of the type {_TYPES}")
    if head.count("content-encoding") and (head.header("content-encoding") or "").lower() != "identity":
        raise Refused(415, "expected a body that is not packed")


def payload_of(head: Head, body: bytes) -> object:
    """The plain data, the text, or the bytes; raises `Refused` where the body is not of its type."""
    kind = _kind(head)
    if kind in ("application/octet-stream", ""):
        return body
    try:
        text = body.decode()
        return text if kind == "text/plain" else parsed(text)
    except UnicodeDecodeError:
        raise Refused(400, "the body is no UTF-8") from None
    except ValueError as error:
        raise Refused(400, f"the body is no JSON: {error}"[:500]) from None


def _kind(head: Head) -> str:
    return (head.header("content-type") or "").partition(";")[0].strip().lower()
