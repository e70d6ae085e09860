"""A source that counts: a record at each interval, and after a restart it goes on behind the last one that is safe."""

from wardian_sdk import Polled, Record, Source, duration


class NewPlugin(Source):
    class Config:
        interval: str = "1s"

    def open(self):
        self.interval_ms = duration.parse_ms(self.config.interval)  # what it refuses is wrong configuration
        self.count = self.resume or 0

    def poll(self, now, demand):
        if demand == 0:
            return Polled(offset=self.count)
        self.count += 1
        return Polled([Record(data={"count": self.count})], wait_ms=self.interval_ms, offset=self.count)
