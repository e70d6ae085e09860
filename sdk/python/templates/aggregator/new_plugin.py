"""An aggregator that sums numbers by their key."""

from wardian_sdk import Aggregator, Invalid, Record


class NewPlugin(Aggregator):
    def open(self):
        self.sums = {}  # by key, in the order in which keys came

    def add(self, records):
        if not all(type(record.data) in (int, float) for record in records):
            raise Invalid("`data` must be a number")
        for record in records:
            self.sums[record.key] = self.sums.get(record.key, 0) + record.data

    def flush(self):
        sums, self.sums = self.sums, {}
        return [Record(data=total) if key is None else Record(data=total, key=key) for key, total in sums.items()]
