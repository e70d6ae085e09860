"""Records handed out while a call runs; needs the capability `emit`."""

from wardian_sdk import host

_emit = host.function("wardian", "emit")


def records(records):
    """Hand out a list of records; how many were taken, from the first on. Offer the others again."""
    return _emit(list(records))


def record(record):
    """Hand out one record; whether it was taken."""
    return records([record]) == 1
