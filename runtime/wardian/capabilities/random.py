"""Random bytes, for guests that were granted them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from wardian.capabilities.capability import whole

if TYPE_CHECKING:
    from wardian.sandbox.deadline import Call

MOST: Final = 65_536  # bytes at once; a seed needs 32


class Random:
    """Random bytes from the operating system."""

    def bytes(self, _call: Call, request: object) -> bytes:
        """`n` → `n` random bytes, at most 65,536."""
        return os.urandom(whole(request, "n", 0, MOST))


IMPORTS: Final = {"random_bytes": Random.bytes}
