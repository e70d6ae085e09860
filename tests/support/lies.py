"""What the guest `obeys` is told to answer: true, or whatever a hostile one might."""

from __future__ import annotations

TOLD_AT = 1026  # where the guest has the bytes that it is told


def told(reply: bytes = b"", *, pointer: int | None = None, length: int | None = None, failed: bool = False) -> bytes:
    """The request that makes `obeys` answer with these bytes, or with another pointer or length than theirs."""
    at = TOLD_AT + 8 if pointer is None else pointer
    size = len(reply) if length is None else length
    packed = (at << 32 | failed << 31 | size).to_bytes(8, "little")
    request = (packed + reply).ljust(24, b"\0")
    assert len(request) < 256
    return request
