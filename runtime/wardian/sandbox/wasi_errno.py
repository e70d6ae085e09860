"""The numbers with which WASI answers."""

from __future__ import annotations

from enum import IntEnum


class Errno(IntEnum):
    """Why a WASI function refused; the numbers of `errno` in WASI preview 1 (`typenames.witx`)."""

    BADF = 8
    EXIST = 20
    FAULT = 21
    ILSEQ = 25
    INVAL = 28
    ISDIR = 31
    MFILE = 33
    NAMETOOLONG = 37
    NOENT = 44
    NOSYS = 52
    NOTDIR = 54
    NOTSUP = 58
    ROFS = 69
    SPIPE = 70
    NOTCAPABLE = 76


class Refused(Exception):  # noqa: N818 - what happened; it never leaves the WASI functions
    """Ends a WASI function with this number as its answer; the guest goes on."""

    def __init__(self, errno: Errno) -> None:
        super().__init__(errno.name)
        self.errno = errno
