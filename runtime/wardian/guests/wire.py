"""Items that cross the border: encoded and decoded within a plugin's limits, with typed errors when they do not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wardian.abi.bounds import CodecError
from wardian.abi.codec import decode, encode
from wardian.errors import AbiViolation, ReplyTooLarge, RequestTooLarge
from wardian.quantity import format_size

if TYPE_CHECKING:
    from wardian.abi.bounds import Bounds

NULL: Final = b"\xf6"


def encode_request(value: object, bounds: Bounds) -> bytes:
    """A request for a guest.

    Raises:
        RequestTooLarge: it is over a limit.
        TypeError: it holds what CBOR cannot carry; the text says where.
    """
    try:
        return encode(value, bounds)
    except CodecError as error:
        raise unencodable(error) from None


def decode_reply(data: bytes, bounds: Bounds) -> object:
    """What a guest answers; no bytes are null.

    Raises:
        ReplyTooLarge: it is over a limit.
        AbiViolation: it is not one item of the ABI's CBOR.
    """
    try:
        return decode(data, bounds)
    except CodecError as error:
        raise undecodable(error) from None


def encode_reply(value: object, bounds: Bounds, name: str) -> bytes:
    """What the host answers to the import `name`; null has no bytes.

    Raises:
        ReplyTooLarge: it is over a limit.
        TypeError: it holds what CBOR cannot carry; the text says where.
    """
    if value is None:
        return b""
    try:
        return encode(value, bounds)
    except CodecError as error:
        raise unanswerable(error, name) from None


def unanswerable(error: CodecError, name: str) -> ReplyTooLarge | TypeError:
    """The error for a value that cannot be the answer of the import `name`."""
    if error.limit:
        return _reply_too_large(error)
    return TypeError(f"the answer of `{name}` cannot be encoded: {error}")


def unencodable(error: CodecError) -> RequestTooLarge | TypeError:
    """What to raise for a request that the codec refused."""
    return _request_too_large(error) if error.limit else TypeError(f"this request cannot be encoded: {error}")


def unreadable(error: CodecError, name: str) -> RequestTooLarge | AbiViolation:
    """What to raise for a guest's request to the import `name` that the codec refused."""
    if error.limit:
        return _request_too_large(error)
    return AbiViolation(f"the guest gave `{name}` what is no item: {error}", code="bad_cbor")


def undecodable(error: CodecError) -> ReplyTooLarge | AbiViolation:
    """What to raise for a guest's reply that the codec refused."""
    if error.limit:
        return _reply_too_large(error)
    return AbiViolation(
        f"the guest's reply is no item: {error}", code="bad_cbor",
        hint="the plugin's author has to answer with exactly one CBOR item; see the ABI, section 3",
    )  # fmt: skip


def request_too_large(size: int, bounds: Bounds) -> RequestTooLarge:
    """The error for an encoded request of so many bytes."""
    return RequestTooLarge(
        f"the request has {format_size(size)}, of at most {format_size(bounds.size)}", value=bounds.size, asked=size,
        hint="raise the limit `request`, or give the plugin less at a time",
    )  # fmt: skip


def _request_too_large(error: CodecError) -> RequestTooLarge:
    limit = "request" if error.limit == "size" else error.limit
    return RequestTooLarge(
        f"a request is over its limit: {error}", limit=limit, value=error.value, asked=error.asked,
        hint=f"raise the limit `{limit}`, or ask for less at a time",
    )  # fmt: skip


def _reply_too_large(error: CodecError) -> ReplyTooLarge:
    limit = "reply" if error.limit == "size" else error.limit
    return ReplyTooLarge(
        f"a reply is over its limit: {error}", limit=limit, value=error.value, asked=error.asked,
        hint=f"raise the limit `{limit}`, or let the plugin answer with less",
    )  # fmt: skip
