"""Numbers for operators."""

from contextlib import suppress

from wardian_sdk import host
from wardian_sdk.failures import Exhausted

_record = host.function("wardian", "metric_record")


def record(name, kind, value, labels=None):
    """Record a `counter`, `gauge` or `histogram`.

    Raises:
        Exhausted: the host has heard enough.
    """
    _record([name, kind, float(value), labels or None])


def _recorder(kind, text):
    def recorded(name, value, **labels):
        with suppress(Exhausted):  # the host counts what it drops, and a plugin goes on
            record(name, kind, value, labels)

    recorded.__name__ = recorded.__qualname__ = kind
    recorded.__doc__ = f"{text}; too many are dropped and counted."
    return recorded


counter = _recorder("counter", "Add to a counter")
gauge = _recorder("gauge", "Say what a gauge shows")
histogram = _recorder("histogram", "Observe a value of a histogram")
