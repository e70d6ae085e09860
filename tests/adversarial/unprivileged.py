"""A process without the powers of the superuser, whoever runs the tests: for what those powers would hide."""

from __future__ import annotations

import ctypes
import os

_VERSION_3 = 0x20080522
_DAC_OVERRIDE, _DAC_READ_SEARCH, _SYS_ADMIN, _SYS_RESOURCE = 1, 2, 21, 24
NOBODY = 65534


def _drop(*capabilities: int) -> None:
    """Give up capabilities of this thread for good, where it has them."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted and inheritable, of capabilities 0 to 31 and of 32 and up
    assert libc.capget(header, sets) == 0
    for capability in capabilities:
        for index in range(3):
            sets[index] &= ~(1 << capability) & 0xFFFFFFFF
    assert libc.capset(header, sets) == 0, os.strerror(ctypes.get_errno())


def obey_permissions() -> None:
    """From now on modes of files bind this process."""
    _drop(_DAC_OVERRIDE, _DAC_READ_SEARCH)


def obey_process_limits() -> None:
    """From now on `RLIMIT_NPROC` binds this process, which never binds the user `root`."""
    if os.getuid() == 0:
        os.setresuid(NOBODY, 0, 0)  # the real user is the one whose processes are counted
    _drop(_SYS_ADMIN, _SYS_RESOURCE)
