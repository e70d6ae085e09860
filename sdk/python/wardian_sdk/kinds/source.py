"""`Source`: where records come from."""

from dataclasses import dataclass, field

from wardian_sdk.plugin import Plugin


@dataclass
class Polled:
    """What a poll gives.

    Attributes:
        records: at most as many as were wanted.
        wait_ms: not to be polled again before.
        offset: what to resume from once these records are safe.
        done: whether there will be no more.
    """

    records: list = field(default_factory=list)
    wait_ms: int | None = None
    offset: object = None
    done: bool = False

    def item(self):
        """As it goes to the host."""
        optional = (("wait_ms", self.wait_ms), ("offset", self.offset), ("done", self.done or None))
        return {"records": list(self.records)} | {k: v for k, v in optional if v is not None}


def _poll(source, request):
    polled = source.poll(request["now"], request["demand"])
    return (polled if isinstance(polled, Polled) else Polled(list(polled or ()))).item()


class Source(Plugin):
    """Gives records when it is polled, or makes them of what is pushed to it; has one of `poll` and `request`.

    Attributes:
        interval_ms: how often it wants to be polled, or None for as often as the host likes.
    """

    kind = "source"
    interval_ms = None
    handlers = {
        "source_poll": _poll,
        "source_request": lambda source, request: source.request(request["payload"], request["headers"]),
    }
    optional = {"source_poll": "poll", "source_request": "request"}

    def poll(self, now, demand):
        """At most `demand` records, as a list or as `Polled`; `now` is nanoseconds since 1970."""
        raise NotImplementedError

    def request(self, payload, headers):
        """The record of what was pushed, or None."""
        raise NotImplementedError

    def opened(self):
        """See `Plugin`."""
        return None if self.interval_ms is None else {"interval_ms": self.interval_ms}
