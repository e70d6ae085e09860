"""The variables of the running job; needs the capability `vars`."""

from wardian_sdk import host

_get, _set = host.function("wardian", "vars_get"), host.function("wardian", "vars_set")


def get(name, default=None):
    """The value of a variable, or the default."""
    value = _get(name)
    return default if value is None else value


def set(name, value):
    """Give a variable a value."""
    _set([name, value])
