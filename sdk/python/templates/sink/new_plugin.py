"""A sink that logs a line for each record."""

from wardian_sdk import Invalid, Sink, log


class NewPlugin(Sink):
    class Config:
        prefix: str = "record"

    def write(self, record):
        if record.data is None:
            raise Invalid("a record without data says nothing")  # an error of this record alone
        line = record.data if record.message is None else record.message
        # For people: a log is no copy of the data. `log.info` would drop what is too much, where this raises.
        log.write(log.INFO, f"{self.config.prefix}: {line}"[:200])

    def flush(self, *, urgent):
        """A sink that gathers what it writes would write it all here."""
