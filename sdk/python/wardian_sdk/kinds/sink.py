"""`Sink`: where records go."""

from wardian_sdk import outcomes
from wardian_sdk.plugin import Plugin
from wardian_sdk.record import Record


def _write(sink, request):
    results = outcomes.each(request["records"], lambda record: outcomes.nothing(sink.write(Record(record))))
    return results if any(results) else None


class Sink(Plugin):
    """Takes records. What it raises fails that record alone."""

    kind = "sink"
    handlers = {
        "sink_write": _write,
        "sink_flush": lambda sink, request: outcomes.nothing(sink.flush(urgent=request["urgent"])),
    }
    optional = {"sink_flush": "flush"}

    def write(self, record):
        """Take a record; it may wait until `flush`."""
        raise NotImplementedError

    def flush(self, *, urgent):
        """Make last what was taken; `urgent` says that the host is about to stop."""


def sink(function):
    """Make a function of a record a sink."""
    type(function.__name__, (Sink,), {
        "__module__": function.__module__, "__doc__": function.__doc__,
        "write": lambda _self, record: function(record),
    })  # fmt: skip
    return function
