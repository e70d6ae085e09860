"""`WebhookSink`: posts records to a server that the operator named."""

from __future__ import annotations

import email.utils
import hashlib
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from wardian import plain_json
from wardian.egress import trust
from wardian.egress.budget import Budget, CallOver, OutOfPatience, OverLimit
from wardian.egress.connection import connect
from wardian.egress.destination import NoDestination, parse_url
from wardian.egress.exchange import Answer, exchange
from wardian.egress.names import Names
from wardian.egress.request import Request, check_header, secret_headers
from wardian.endpoints.sink import Outcome, Sink
from wardian.errors import CapabilityError, ConfigError, GuestError

if TYPE_CHECKING:
    import ssl
    from collections.abc import Sequence

    from wardian.endpoints.webhook_settings import WebhookOut
    from wardian.record import Record

KEY: Final = "idempotency_key"  # in the `meta` of a record
_BATCH, _BATCH_BYTES = 100, 2**20  # records, and bytes of their JSON, of one request
_ANSWER: Final = 64 * 2**10  # bytes of an answer, of which only the status counts
_LONGEST_WAIT: Final = 86_400  # seconds, whatever a server asks for
_OVERHEAD: Final = 2


class WebhookSink(Sink):
    """Posts each record, or lists of up to a hundred, as JSON, and waits for the answer.

    The URL is the operator's own, so any address may be dialled, unlike for what a plugin asks. Certificates are
    checked, and no redirect is followed. A record whose `meta` has `idempotency_key` brings it as `Idempotency-Key`;
    a list, whose records all have one, a digest of theirs.

    Raises:
        ConfigError: the URL or a header is none, or the file of authorities cannot be used.
    """

    name = "webhook"

    def __init__(self, config: WebhookOut) -> None:
        super().__init__()
        reveal = {name: "".join(value) for name, value in config.headers.items()}
        try:
            self._destination = parse_url("".join(config.url))
            self._secrets = secret_headers(reveal)
        except NoDestination as error:
            raise ConfigError(f"`url`: {error}", where=self.name) from None
        except ValueError as error:
            raise ConfigError(f"`headers`: {error}", where=self.name) from None
        self._batch, self._timeout = config.batch, config.timeout
        self._names = Names(None)
        self._trust: ssl.SSLContext | None = None
        if self._destination.scheme == "https":
            self._trust = trust.context(config.ca)

    def __repr__(self) -> str:
        return f"<sink of type {self.name} to {self._destination.authority}>"

    def _written(self, records: Sequence[Record]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        batch: list[tuple[Record, str]] = []
        size = 0
        for record in records:
            try:
                text = plain_json.write(record.to_value())
            except (TypeError, ValueError, RecursionError):
                outcomes += self._posted(batch)
                batch, size = [], 0
                outcomes.append(GuestError("invalid", "the record holds what JSON cannot say"))
                continue
            if batch and (not self._batch or len(batch) == _BATCH or size + len(text) > _BATCH_BYTES):
                outcomes += self._posted(batch)
                batch, size = [], 0
            batch.append((record, text))
            size += len(text) + _OVERHEAD
        return outcomes + self._posted(batch)

    def _posted(self, batch: Sequence[tuple[Record, str]]) -> list[Outcome]:
        if not batch:
            return []
        texts = [text for _, text in batch]
        body = (f"[{', '.join(texts)}]" if self._batch else texts[0]).encode()
        outcome = self._post(body, _key([record for record, _ in batch], as_list=self._batch))
        return [outcome] * len(batch)

    def _post(self, body: bytes, key: str | None) -> GuestError | None:
        headers: tuple[tuple[str, str], ...] = (("content-type", "application/json"),)
        if key is not None:
            try:
                headers += ((check_header("Idempotency-Key", key), key),)
            except ValueError:
                return GuestError("invalid", f"`meta.{KEY}`: expected printable characters of ASCII")
        own = {name for name, _ in self._secrets}
        headers = tuple(each for each in headers if each[0] not in own)
        budget = Budget(self._timeout, None, _ANSWER, lambda: self._timeout)
        try:
            return judged(self._asked(Request("POST", self._destination, headers, body), budget))
        except CapabilityError as error:
            return GuestError(error.kind, error.message)
        except OverLimit as error:
            if error.limit == "http_time":
                return GuestError("transient", f"the server did not answer within {self._timeout:g} s")
            return GuestError("internal", "the server answered with more than is read; whether it took them is unknown")
        except (OutOfPatience, CallOver):
            return GuestError("transient", "the request was given up")

    def _asked(self, request: Request, budget: Budget) -> Answer:
        host, port = request.destination.host, request.destination.port
        addresses = (host.text,) if host.address else self._names.addresses(host.text, port, budget)
        opened, _ = connect(addresses, port, budget)
        with opened as connection:
            if self._trust is not None:
                connection.secure(self._trust, host.text)
            return exchange(connection, request, self._secrets, budget)


def judged(answer: Answer) -> GuestError | None:
    """What an answer means for the records: None where they were taken, or the error; no text of the server's."""
    status = answer.status
    if 200 <= status < 300:
        return None
    if status in (408, 425, 429) or status >= 500:
        wait = retry_after_ms(answer.headers.get("retry-after", ""), time.time())
        return GuestError("transient", f"the server answered {status}", retry_after_ms=wait)
    return GuestError("denied" if status in (401, 403) else "invalid", f"the server answered {status}")


def retry_after_ms(text: str, now: float) -> int | None:
    """The milliseconds that `Retry-After` asks for, as a number of seconds or a date; None where it is neither."""
    if text.isdecimal() and text.isascii():
        seconds = float(text[:10])
    else:
        try:
            at = email.utils.parsedate_to_datetime(text)
        except (ValueError, TypeError, OverflowError):
            return None
        # A date without its zone is meant as UTC (RFC 9110).
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        seconds = (at - datetime.fromtimestamp(now, UTC)).total_seconds()
    return round(min(max(seconds, 0.0), _LONGEST_WAIT) * 1000)


def _key(records: Sequence[Record], *, as_list: bool) -> str | None:
    keys = [each.meta.get(KEY) for each in records]
    if not all(isinstance(each, str) and each for each in keys):
        return None
    return hashlib.sha256("\n".join(map(str, keys)).encode()).hexdigest() if as_list else str(keys[0])
