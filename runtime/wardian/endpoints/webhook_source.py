"""`WebhookSource`: an HTTP server; what is posted to it becomes records."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from wardian.endpoints.http_exchange import Answer, Bounds, Refused
from wardian.endpoints.http_server import HttpServer
from wardian.endpoints.inbox import Inbox
from wardian.endpoints.source import Source
from wardian.endpoints.source_requests import SourceRequests
from wardian.endpoints.webhook_access import Access
from wardian.endpoints.webhook_body import payload_of, require_known
from wardian.polling import Polled
from wardian.record import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wardian.endpoints.http_exchange import Head
    from wardian.endpoints.source_requests import Asked
    from wardian.endpoints.webhook_settings import WebhookIn
    from wardian.timing import Clock

_GRACE: Final = 2.0  # seconds that requests which have begun are given by `stop`
_LOOK_MS: Final = 50  # until the next poll, where nothing waits


class WebhookSource(Source):
    """Answers 202 once a record waits for its poll, or once it is acknowledged, and 429 where too many wait.

    After `stop` nothing is taken any more, and an iteration ends; what was answered with 202 can still be polled, until
    `close`. A record that waits is lost with the process: who posts has to post again what must not be lost.

    Args:
        config: its configuration.
        resume: nothing; there are no offsets.
        clock: what an iteration goes by.
        requests: sources that answer `POST /sources/v1/NAME`, each a function of the body and the headers.

    Raises:
        ConfigError: it cannot listen there.
    """

    name = "webhook"
    drains = True

    def __init__(
        self,
        config: WebhookIn,
        resume: object = None,
        clock: Clock | None = None,
        requests: Mapping[str, Asked] | None = None,
    ) -> None:
        super().__init__(resume, clock)
        self._path, self._headers = config.path, tuple(name.lower() for name in config.headers)
        self._access = Access(config.token, config.loopback)
        self._requests = SourceRequests(requests or {}, self._headers)
        self._inbox = Inbox(config.queue, config.queue_bytes)
        self._patience = config.timeout if config.answer == "kept" else None
        self._kept, self._keeps = 0, threading.Condition()
        address, port = config.address
        self._server = HttpServer(
            address, port, judge=self._judge, handle=self._handle, bounds=Bounds(config.timeout, config.body),
            most=config.connections,
        )  # fmt: skip

    @property
    def port(self) -> int:
        """The port that it listens at."""
        return self._server.port

    def acknowledge(self, offset: object) -> None:
        """Say that the records up to this one are safe: those who wait for that are answered."""
        super().acknowledge(offset)
        with self._keeps:
            self._kept = max(self._kept, offset if isinstance(offset, int) else 0)
            self._keeps.notify_all()

    def stop(self) -> None:
        """Take nothing any more, from any thread, within a few seconds. A second time does nothing."""
        self._inbox.shut()
        self._server.stop(_GRACE)
        super().stop()

    def _polled(self, demand: int) -> Polled[Record]:
        shut = self._inbox.is_shut  # before: what is taken then is all there will be
        records = self._inbox.take(demand)
        # A number of this process alone, by which records are acknowledged; nothing is resumed by it.
        offset = self._inbox.taken if self._patience is not None and records else None
        return Polled(records, 0 if records else _LOOK_MS, offset, done=shut and not len(self._inbox))

    def _judge(self, head: Head) -> None:
        self._access.judge(head)
        name = self._requests.named(head)
        if name is not None:
            self._requests.judge(name)
        elif head.target.partition("?")[0] != self._path:
            raise Refused(404, "there is nothing here")
        if head.method != "POST":
            raise Refused(405, "expected `POST`", {"Allow": "POST"})
        require_known(head)

    def _handle(self, head: Head, body: bytes) -> Answer:
        name = self._requests.named(head)
        if name is not None:
            return self._requests.handle(name, head, body)
        data = payload_of(head, body)
        kept = {name: value for name, value in head.headers if name in self._headers}
        record = Record(
            data, type="bytes" if isinstance(data, bytes) else None, time=self._clock.now_ns(),
            meta={"headers": kept} if kept else {},
        )  # fmt: skip
        if number := self._inbox.put(record, len(body)):
            if self._patience is not None:
                self._await(number, self._patience)
            return Answer(202)
        if self._inbox.is_shut:
            raise Refused(503, "the source is stopped")
        raise Refused(429, "too many records wait", {"Retry-After": "1"})

    def _await(self, number: int, patience: float) -> None:
        with self._keeps:
            kept = self._keeps.wait_for(lambda: self._kept >= number, patience)
        if not kept:  # it may be delivered nevertheless: then it comes twice
            raise Refused(503, "it is not known to be safe", {"Retry-After": "1"})
