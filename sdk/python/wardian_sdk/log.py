"""Log lines, for operators; `print` writes some too."""

from contextlib import suppress

from wardian_sdk import host
from wardian_sdk.failures import Exhausted

TRACE, DEBUG, INFO, WARN, ERROR = range(5)
_log = host.function("wardian", "log")


def write(level, message, fields=None):
    """Write a line of a level.

    Raises:
        Exhausted: the host has heard enough of this call.
    """
    _log([level, str(message)] if fields is None else [level, str(message), fields])


def _writer(level, name):
    def log(message, **fields):
        with suppress(Exhausted):  # the host counts what it drops, and a plugin goes on
            write(level, message, fields or None)

    log.__name__ = log.__qualname__ = name
    log.__doc__ = f"Write a line of the level {name}, with fields for programs; too many are dropped and counted."
    return log


trace, debug, info = _writer(TRACE, "trace"), _writer(DEBUG, "debug"), _writer(INFO, "info")
warn, error = _writer(WARN, "warn"), _writer(ERROR, "error")
