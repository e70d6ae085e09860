"""`Aggregator`: keeps what came in a window, and gives it when the window ends."""

from wardian_sdk.outcomes import nothing
from wardian_sdk.plugin import Plugin
from wardian_sdk.record import Record


def _add(aggregator, request):
    for record in request["records"]:
        aggregator.add(Record(record))


class Aggregator(Plugin):
    """Gathers records, and makes others of them."""

    kind = "aggregator"
    handlers = {
        "aggregator_add": _add,
        "aggregator_flush": lambda aggregator, _: {"records": list(aggregator.flush() or ())},
        "aggregator_reset": lambda aggregator, _: nothing(aggregator.reset()),
    }

    def add(self, record):
        """Take a record in."""
        raise NotImplementedError

    def flush(self):
        """The records that come of it all; then begin anew."""
        raise NotImplementedError

    def reset(self):
        """Forget what was taken in; unless it is overridden, what `flush` gives is thrown away."""
        self.flush()
