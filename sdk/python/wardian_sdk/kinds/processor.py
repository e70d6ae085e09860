"""`Processor`: changes, drops or splits records."""

from wardian_sdk import outcomes
from wardian_sdk.plugin import Plugin
from wardian_sdk.record import Record


def _process(processor, request):
    return outcomes.each(request["records"], lambda record: _results(processor.process(Record(record))))


def _results(given):
    if given is None:
        return []
    return [given] if isinstance(given, dict) else list(given)


class Processor(Plugin):
    """Makes records of records. What it raises fails that record alone."""

    kind = "processor"
    handlers = {"processor_process": _process}

    def process(self, record):
        """What becomes of a record: it or another one, several in a list, or None to drop it."""
        raise NotImplementedError


def processor(function):
    """Make a function of a record a processor."""
    type(function.__name__, (Processor,), {
        "__module__": function.__module__, "__doc__": function.__doc__,
        "process": lambda _self, record: function(record),
    })  # fmt: skip
    return function
