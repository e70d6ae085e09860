"""Random bytes of WASI, for guests that were granted them and for those that were not."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Any, Final

from wardian.sandbox import wasi_vectors
from wardian.sandbox.wasi_errno import Errno, Refused

if TYPE_CHECKING:
    from wardian.sandbox.deadline import Call
    from wardian.sandbox.wasi_world import World

_MOST: Final = 2**20  # bytes at once; a seed needs 32


class Random:
    """The random bytes of one instance.

    Granted, they are the operating system's. Otherwise they are a stream that anyone can compute from `seed`: the same
    calls give the same answers, and nothing unpredictable reaches the guest. Refusing instead would stop the runtimes
    of Go and Rust, which seed their hash tables at the start; collisions that an attacker prepares cost a plugin only
    its own deadline. A plugin that makes keys or tokens needs the grant: without it they can be guessed.
    """

    def __init__(self, *, granted: bool, seed: bytes = b"") -> None:
        self._granted = granted
        self._seed = seed
        self._drawn = 0

    def bytes(self, count: int) -> bytes:
        """So many bytes, others each time."""
        if self._granted:
            return os.urandom(count)
        self._drawn += 1
        return hashlib.shake_128(self._drawn.to_bytes(8, "little") + self._seed).digest(count)


def random_get(world: World, call: Call, buffer: int, length: int) -> None:
    """Fill the buffer, of at most 1 MiB, with random bytes."""
    if length > _MOST:
        raise Refused(Errno.INVAL)
    wasi_vectors.require(call.instance.memory, buffer, length)
    call.instance.memory.write(buffer, world.random.bytes(length))


FUNCTIONS: Final[dict[str, tuple[str, Any]]] = {"random_get": ("i32 i32", random_get)}
