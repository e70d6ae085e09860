"""A plugin of each kind, in one module."""

from wardian_sdk import (
    Action,
    Aggregator,
    BadConfig,
    Extension,
    Function,
    Invalid,
    Lookup,
    Polled,
    Processor,
    Record,
    Sink,
    Source,
    log,
)  # fmt: skip


class Numbers(Source):
    def open(self):
        if "refuse" in self.config:
            raise BadConfig(self.config["refuse"])
        self.interval_ms = self.config.get("interval_ms")
        self.last = self.resume or 0

    def poll(self, now, demand):
        first = self.last + 1
        self.last += min(demand, 3)
        records = [Record(data=number) for number in range(first, self.last + 1)]
        count = self.config.get("count")
        if count is not None and self.last >= count:
            return Polled(records, wait_ms=5, offset=self.last, done=True)
        return Polled(records, wait_ms=5, offset=self.last)

    def request(self, payload, headers):
        return None if payload is None else Record(data=payload, meta=headers)


class Mirror(Action):
    def call(self, params, vars):
        return {"params": params, "vars": vars}

    def cancel(self, reason, params):
        log.info(f"cancelled: {reason}")


class Each(Processor):
    def process(self, record):
        data = record.data if isinstance(record.data, dict) else {}
        if "drop" in data:
            return None
        if "fail" in data:
            raise Invalid(data["fail"])
        if "twice" in data:
            return [Record(data=data["twice"])] * 2
        return record


class Sum(Function):
    def call(self, a, b):
        if type(a) is not int or type(b) is not int:
            raise Invalid("expected two integers")
        return a + b


class Total(Aggregator):
    total = 0

    def add(self, records):
        self.total += sum(record.data for record in records)

    def flush(self):
        total, self.total = self.total, 0
        return [Record(data=total)]


class Well(Sink):
    def write(self, record):
        if isinstance(record.data, dict) and "fail" in record.data:
            raise Invalid(record.data["fail"])

    def flush(self, *, urgent):
        log.info("flushed urgently" if urgent else "flushed")


class People(Lookup):
    def rows(self, fields, where):
        who = next(iter(where.values()))
        return [] if who == "nobody" else [{field: f"{field} of {who}" for field in fields}]


class Probe(Extension):
    def check(self):
        return [(log.INFO, "checked")]

    def close(self):
        log.info("closed")

    def call(self, method, argument):
        return {"method": method, "argument": argument}
