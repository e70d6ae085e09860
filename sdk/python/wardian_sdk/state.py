"""Keys and values that outlive the instance; needs the capability `state`.

What a call changes lasts when the call succeeds. When it fails, everything is as it was before.
"""

from wardian_sdk import host

_get, _put = host.function("wardian", "state_get"), host.function("wardian", "state_put")
_delete, _add = host.function("wardian", "state_delete"), host.function("wardian", "state_add")
_swap, _keys = host.function("wardian", "state_swap"), host.function("wardian", "state_keys")


def get(key, default=None):
    """The value of a key, or the default."""
    value = _get(key)
    return default if value is None else value


def put(key, value, ttl_ms=None):
    """Keep a value, for good or for so many milliseconds."""
    _put([key, value] if ttl_ms is None else [key, value, ttl_ms])


def delete(key):
    """Forget a key; whether it was there."""
    return _delete(key)


def add(key, delta=1):
    """Add to an integer, which counts as 0 where it is not there; the sum."""
    return _add([key, delta])


def swap(key, expected, value):
    """Replace a value if it is the expected one; None stands for *not there*, on both sides. Whether it was."""
    return _swap([key, expected, value])


def keys(prefix="", after=None, limit=1000):
    """At most so many keys with the prefix that come after another, in the order of their bytes."""
    return _keys([prefix, after, limit])
