"""A sink that logs a line for each record."""

from wardian_sdk import Invalid, Sink, log


class NewPlugin(Sink):
    class Config:
        prefix: str = "record"

    def write(self, record):
        if record.data is None:
            raise Invalid("a record without data says nothing")  # an error of this record alone
        line = record.data if record.message is None else record.message
        log.info(f"{self.config.prefix}: {line}"[:1000])  # for people: a log is no copy of the data

    def flush(self, *, urgent):
        """A sink that gathers what it writes would write it all here."""
