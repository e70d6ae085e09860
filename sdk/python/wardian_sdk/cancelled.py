"""Whether the host wants the running call to come to its end."""

from wardian_sdk import host

_cancelled = host.function("wardian", "cancelled")


def requested():
    """True as soon as the host wants the call to end: long work asks now and then."""
    return _cancelled()
