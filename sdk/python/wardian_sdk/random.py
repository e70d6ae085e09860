"""Random bytes that nobody can guess; needs the capability `random`."""

from wardian_sdk import host

_bytes = host.function("wardian", "random_bytes")


def bytes(size):
    """So many random bytes, at most 65536."""
    return _bytes(size)
