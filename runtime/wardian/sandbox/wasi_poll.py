"""WASI's one function that waits."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from wardian.sandbox import wasi_vectors
from wardian.sandbox.wasi_errno import Errno, Refused

if TYPE_CHECKING:
    from wardian.sandbox.deadline import Call
    from wardian.sandbox.wasi_world import World

_MOST: Final = 1024  # subscriptions at once
# userdata, tag; then of a clock: id, timeout, precision, flags; a descriptor's number stands where the clock's id does
_SUBSCRIPTION: Final = struct.Struct("<QBxxxxxxxIxxxxQQHxxxxxx")
_EVENT: Final = struct.Struct("<QHBxxxxxQHxxxxxx")  # userdata, error, type, nbytes, flags
_CLOCK, _FD_READ, _FD_WRITE = range(3)
_ABSTIME: Final = 1
_HANGUP: Final = 1


@dataclass(slots=True)
class _Awaited:
    """A subscription, and when it is due: in how many nanoseconds."""

    userdata: int
    kind: int
    due: int = 0
    errno: int = 0
    nbytes: int = 0
    flags: int = 0

    def event(self) -> bytes:
        return _EVENT.pack(self.userdata, self.errno, self.kind, self.nbytes, self.flags)


def oneoff(world: World, call: Call, subscriptions: int, events: int, count: int, happened: int) -> None:
    """Wait until the first of the subscriptions is due, at most until the call's deadline.

    Descriptors never wait: theirs are due at once.
    """
    memory = call.instance.memory
    if not 0 < count <= _MOST:
        raise Refused(Errno.INVAL)
    wasi_vectors.require(memory, events, count * _EVENT.size)
    wasi_vectors.require(memory, happened, 4)
    asked = memory.read(subscriptions, count * _SUBSCRIPTION.size)
    awaited = [_await(world, fields) for fields in _SUBSCRIPTION.iter_unpack(asked)]
    first = min(each.due for each in awaited)
    if first:
        world.clock.wait(call, first)
    due = [each.event() for each in awaited if each.due == first]
    memory.write(events, b"".join(due))
    wasi_vectors.put_u32(memory, happened, len(due))


def _await(world: World, fields: tuple[int, ...]) -> _Awaited:
    userdata, kind, subject, timeout, _precision, flags = fields
    if kind > _FD_WRITE:
        raise Refused(Errno.INVAL)
    awaited = _Awaited(userdata, kind)
    try:
        if kind == _CLOCK:
            now = world.clock.now(subject)
            awaited.due = max(0, timeout - now) if flags & _ABSTIME else timeout
        elif kind == _FD_READ:
            awaited.nbytes = world.descriptor(subject).left()
            awaited.flags = 0 if awaited.nbytes else _HANGUP
        else:
            awaited.nbytes = world.descriptor(subject).at_once
            awaited.errno = 0 if awaited.nbytes else Errno.BADF
    except Refused as refused:
        awaited.errno = refused.errno
    return awaited


FUNCTIONS: Final[dict[str, tuple[str, Any]]] = {"poll_oneoff": ("i32 i32 i32 i32", oneoff)}
