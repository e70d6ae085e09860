"""Does everything the ABI promises, an entry point for each promise; driven by tests, read by authors of other SDKs."""

import os

import capabilities  # noqa: F401 - its entry points
import kinds
from wardian_sdk import Invalid, Time, codec, entry, failures

calls = 0


@entry
def probe_echo(item):
    return item


@entry
def probe_decode(data):
    if not isinstance(data, bytes):
        raise Invalid("expected bytes")
    return codec.loads(data)


@entry
def probe_time(time):
    if not isinstance(time, Time):
        raise Invalid("expected a time")
    return time.parts()


@entry
def probe_null(_):
    return None


@entry
def probe_fail(error):
    raise failures.from_item(error)


@entry
def probe_deep(depth):
    made = []
    for _ in range(depth - 1):
        made = [made]
    return made


@entry
def probe_large(size):
    return b"w" * size


@entry
def probe_many(count):
    return range(count)


@entry
def probe_trap(_):
    os.abort()


@entry
def probe_panic(text):
    raise RuntimeError(text)


@entry
def probe_spin(_):
    while True:
        pass


@entry
def probe_config(_):
    return kinds.Probe.current().config


@entry
def probe_calls(_):
    global calls
    calls += 1
    return calls
