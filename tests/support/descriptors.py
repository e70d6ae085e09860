"""The descriptors that this process has open, counted without one: a look at /proc/self/fd would need one itself."""

from __future__ import annotations

import os


def count(most: int) -> int:
    """How many of the first so many are open."""
    return sum(map(_is_open, range(most)))


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True
