"""`Aggregator`: keeps what came in a window, and gives it when the window ends."""

from wardian_sdk.outcomes import nothing
from wardian_sdk.plugin import Plugin
from wardian_sdk.record import Record


class Aggregator(Plugin):
    """Gathers records, and makes others of them."""

    kind = "aggregator"
    handlers = {
        "aggregator_add": lambda aggregator, request: nothing(
            aggregator.add([Record(each) for each in request["records"]])
        ),
        "aggregator_flush": lambda aggregator, _: {"records": list(aggregator.flush() or ())},
        "aggregator_reset": lambda aggregator, _: nothing(aggregator.reset()),
    }

    def add(self, records):
        """Take some records in."""
        raise NotImplementedError

    def flush(self):
        """The records that come of it all; then begin anew."""
        raise NotImplementedError

    def reset(self):
        """Forget what was taken in; unless it is overridden, what `flush` gives is thrown away."""
        self.flush()
