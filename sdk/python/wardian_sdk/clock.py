"""The time, exactly; needs the capability `clock`; without it `time.time()` stands still."""

from wardian_sdk import host

_now = host.function("wardian", "clock_now")


def now():
    """Nanoseconds since 1970, and nanoseconds of a clock that never goes back."""
    unix_ns, monotonic_ns = _now()
    return unix_ns, monotonic_ns


def unix_ns():
    """Nanoseconds since 1970."""
    return now()[0]
