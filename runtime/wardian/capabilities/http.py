"""HTTP requests of a guest: to hosts that were granted, within limits, with nothing of the host's attached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from wardian.capabilities.capability import QuotaSpent
from wardian.egress.budget import Budget, CallOver, OutOfPatience, OverLimit
from wardian.egress.failure import failed
from wardian.egress.request import parse_request
from wardian.errors import CapabilityError

if TYPE_CHECKING:
    from collections.abc import Callable

    from wardian.egress.exchange import Answer
    from wardian.egress.request import Request
    from wardian.policy import Limits
    from wardian.sandbox.deadline import Call


class Asks(Protocol):
    """What makes requests: a `Client`, or what answers in its place."""

    def fetch(self, request: Request, budget: Budget, spend: Callable[[], None]) -> Answer:
        """The answer to a request; as of `Client`."""
        ...

    def refuse(self, error: CapabilityError) -> None:
        """Take note of what was no request at all."""
        ...


class Http:
    """The requests of one instance.

    Args:
        limits: `http_requests` bounds those of a call, redirects included; `http_time` and `http_response` each one.
        client: makes them; shared by the instances of the plugin.
    """

    def __init__(self, limits: Limits, client: Asks) -> None:
        self._limits, self._client = limits, client
        self._asked = self._received = 0

    def request(self, call: Call, request: object) -> dict[str, object] | None:
        """`{method, url, ?headers, ?body, ?timeout_ms}` → `{status, headers, body}`."""
        self._spend()
        try:
            wanted = parse_request(request)
        except CapabilityError as error:
            self._client.refuse(error)
            raise
        limits = self._limits
        budget = Budget(limits.http_time, wanted.patience, limits.http_response, call.remaining)
        try:
            answer = self._client.fetch(wanted, budget, self._spend)
        except CallOver:
            return None
        except OutOfPatience:
            raise failed("timeout", "the request was not done in the time that it was given") from None
        except OverLimit as error:
            raise QuotaSpent(error.limit, error.message, value=error.value, asked=error.asked) from None
        finally:
            # Marked here, not left to the ticker: until its next tick the guest could return, or ask for more.
            if call.remaining() <= 0:
                call.ended_by = call.ended_by or call.due
        self._received += len(answer.body)
        return {"status": answer.status, "headers": answer.headers, "body": answer.body}

    def used(self) -> dict[str, int]:
        """Bytes of the bodies that the running call was answered with."""
        return {"http_bytes": self._received}

    def settle(self, *, succeeded: bool) -> None:  # noqa: ARG002 - what was sent is sent
        """Begin to count anew."""
        self._asked = self._received = 0

    def _spend(self) -> None:
        """Count a request before it is made."""
        most = self._limits.http_requests
        if self._asked >= most:
            raise QuotaSpent(
                "http_requests", f"the call may make {most} HTTP requests", value=most, asked=self._asked + 1
            )
        self._asked += 1


IMPORTS: Final = {"http_request": Http.request}
