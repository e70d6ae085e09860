"""Numbers for operators."""

from wardian_sdk import host

_record = host.function("wardian", "metric_record")


def record(name, kind, value, labels=None):
    """Record a `counter`, `gauge` or `histogram`."""
    _record([name, kind, float(value), labels] if labels else [name, kind, float(value)])


def counter(name, value=1, **labels):
    """Add to a counter."""
    record(name, "counter", value, labels)


def gauge(name, value, **labels):
    """Say what a gauge shows."""
    record(name, "gauge", value, labels)


def histogram(name, value, **labels):
    """Observe a value of a histogram."""
    record(name, "histogram", value, labels)
