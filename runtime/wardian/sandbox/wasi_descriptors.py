"""What a WASI descriptor is: its type, its rights, and what it answers to what it cannot do."""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import TYPE_CHECKING, ClassVar, Final

from wardian.sandbox.wasi_errno import Errno, Refused

if TYPE_CHECKING:
    from wardian.sandbox.deadline import Call

MOST: Final = 64  # open descriptors of an instance; each is an object of the host


class Filetype(IntEnum):
    """`filetype` of WASI preview 1."""

    UNKNOWN = 0
    CHARACTER_DEVICE = 2
    DIRECTORY = 3
    REGULAR_FILE = 4


class Rights(IntFlag):
    """`rights` of WASI preview 1, as far as a descriptor here can have them."""

    FD_READ = 1 << 1
    FD_SEEK = 1 << 2
    FD_FDSTAT_SET_FLAGS = 1 << 3
    FD_TELL = 1 << 5
    FD_WRITE = 1 << 6
    FD_ADVISE = 1 << 7
    PATH_OPEN = 1 << 13
    FD_READDIR = 1 << 14
    PATH_READLINK = 1 << 15
    PATH_FILESTAT_GET = 1 << 18
    FD_FILESTAT_GET = 1 << 21
    POLL_FD_READWRITE = 1 << 27


class Descriptor:
    """An open descriptor. By itself it can do nothing: what a kind of descriptor can do, its class adds.

    Attributes:
        filetype: what the guest is told that it is.
        rights: what can be done with it.
        inheriting: what can be done with what is opened through it.
        flags: `fdflags`, kept for the guest and without effect.
        at_once: how many bytes one write takes; what is over, the guest writes again.
        number: its inode, 0 where it has none.
        size: in bytes.
    """

    filetype: Filetype = Filetype.UNKNOWN
    rights: ClassVar[Rights] = Rights(0)
    inheriting: ClassVar[Rights] = Rights(0)
    at_once: ClassVar[int] = 0
    flags: int = 0
    number: int = 0
    size: int = 0

    def left(self) -> int:
        """How many bytes a read would find now."""
        raise Refused(Errno.BADF)

    def read(self, most: int) -> memoryview:  # noqa: ARG002 - for those that can
        """Up to `most` bytes from where it stands; none at its end."""
        raise Refused(Errno.BADF)

    def read_at(self, offset: int, most: int) -> memoryview:  # noqa: ARG002 - for those that can
        """Up to `most` bytes from `offset`; it stays where it stands."""
        raise Refused(Errno.SPIPE)

    def write(self, call: Call, data: bytes) -> None:  # noqa: ARG002 - for those that can
        """Take all the data, of at most `at_once` bytes."""
        raise Refused(Errno.BADF)

    def seek(self, offset: int, whence: int) -> int:  # noqa: ARG002 - for those that can
        """Move by `offset` from the start (0), from where it stands (1) or from the end (2); gives where it stands."""
        raise Refused(Errno.SPIPE)
