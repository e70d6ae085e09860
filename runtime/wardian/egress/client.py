"""A guest's request from end to end: each hop is judged, looked up, dialled, asked and written down."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from wardian.egress import trust
from wardian.egress.audit import AuditLine
from wardian.egress.budget import CallOver, OutOfPatience, OverLimit
from wardian.egress.connection import connect, is_own
from wardian.egress.destination import NoDestination, parse_location
from wardian.egress.egress import secrets_for
from wardian.egress.exchange import Answer, exchange
from wardian.egress.failure import failed
from wardian.egress.names import Names
from wardian.errors import CapabilityError

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Sequence

    from wardian.egress.allowed import AllowList
    from wardian.egress.budget import Budget
    from wardian.egress.egress import Egress
    from wardian.egress.request import Request

MOST_REDIRECTS: Final = 5
_REDIRECTS: Final = (301, 302, 303, 307, 308)


@dataclass(slots=True)
class _Hop:
    """What is known of one request so far, for its audit line."""

    began: float = field(default_factory=time.monotonic)
    address: str = ""
    status: int | None = None
    error: str = ""
    received: int = 0


class Client:
    """Makes the requests of one plugin's instances.

    Threads: may be used from several at once. It owns no connection: each is made for one request and closed with it.

    Args:
        allowed: where requests may go.
        egress: what the operator settled besides.
        plugin: name for the audit lines.
        instance: name for the audit lines.
        on_audit: takes each line, on the thread of the call.

    Raises:
        ConfigError: the egress does not fit the grants, or its file of authorities cannot be used.
    """

    def __init__(
        self, allowed: AllowList, egress: Egress, plugin: str, instance: str, on_audit: Callable[[AuditLine], None]
    ) -> None:
        self._allowed, self._plugin, self._instance, self._on_audit = allowed, plugin, instance, on_audit
        self._secrets = secrets_for(egress, allowed)
        self._names = Names(egress.resolver)
        self._ca, self._lock = egress.ca, threading.Lock()
        self._trust: ssl.SSLContext | None = None if egress.ca is None else trust.context(egress.ca)

    def fetch(self, request: Request, budget: Budget, spend: Callable[[], None]) -> Answer:
        """The answer to a request, redirects followed.

        Args:
            request: what the guest asks for.
            budget: what all of it may use.
            spend: called before each request that a redirect asks for; raises when it is one too many.

        Raises:
            CapabilityError: why there is none, as the guest is told.
            OverLimit, OutOfPatience, CallOver: as the budget has it.
        """
        secrets = self._secrets.get(request.destination.origin, ())
        if taken := [name for name, _ in secrets if request.has(name)]:
            refused = failed("header", f"`{taken[0]}` is set by the host here")
            self._write(request, _Hop(error="header"))
            raise refused
        for _ in range(MOST_REDIRECTS):
            answer = self._hop(request, secrets, budget)
            following = self._following(request, answer)
            if following is None:
                return answer
            if following.destination.origin != request.destination.origin:
                secrets = ()  # for good: a redirect must not make a request that the guest did not
            spend()
            request = following
        answer = self._hop(request, secrets, budget)
        if self._following(request, answer) is not None:
            raise failed("redirect", f"the server redirects more than {MOST_REDIRECTS} times")
        return answer

    def refuse(self, error: CapabilityError) -> None:
        """Write down what was no request at all."""
        line = AuditLine(self._plugin, self._instance, "", "", "", None, error.kind, 0, 0, 0.0)
        self._on_audit(line)

    def _hop(self, request: Request, secrets: Sequence[tuple[str, str]], budget: Budget) -> Answer:
        hop = _Hop()
        try:
            answer = self._ask(request, secrets, budget, hop)
        except CapabilityError as error:
            hop.error = error.guest_code or error.kind
            raise
        except OverLimit as error:
            hop.error = error.limit
            raise
        except OutOfPatience:
            hop.error = "timeout"
            raise
        except CallOver:
            hop.error = "call_over"
            raise
        except BaseException:
            hop.error = "interrupted"
            raise
        else:
            hop.status, hop.received = answer.status, len(answer.body)
            return answer
        finally:
            self._write(request, hop)

    def _ask(self, request: Request, secrets: Sequence[tuple[str, str]], budget: Budget, hop: _Hop) -> Answer:
        destination = request.destination
        budget.left()
        if not self._allowed.names(destination):
            raise failed("destination", f"`{destination.host}:{destination.port}` is not granted")
        addresses = self._vetted(request, budget, hop)
        opened, hop.address = connect(addresses, destination.port, budget)
        with opened as connection:
            if destination.scheme == "https":
                connection.secure(self._trusted(), destination.host.text)
            return exchange(connection, request, secrets, budget)

    def _vetted(self, request: Request, budget: Budget, hop: _Hop) -> tuple[str, ...]:
        """The addresses of the host, looked up once; one that may not be dialled refuses them all."""
        destination = request.destination
        if destination.host.address:
            found: tuple[str, ...] = (destination.host.text,)
        else:
            found = self._names.addresses(destination.host.text, destination.port, budget)
        for hop.address in found:
            try:
                refused = self._allowed.why_not_dialled(hop.address, destination, is_own)
            except ValueError:
                raise failed("resolve", "the host's name has no address") from None
            if refused is not None:
                raise failed("address", f"the address of `{destination.host}` may not be dialled")
        return found

    def _following(self, request: Request, answer: Answer) -> Request | None:
        """The request that an answer redirects to, or None when it is the answer."""
        location = answer.headers.get("location")
        if answer.status not in _REDIRECTS or location is None:
            return None
        try:
            return request.redirected(answer.status, parse_location(location, request.destination))
        except NoDestination:
            raise failed("redirect", "the server redirects to what may not be asked") from None

    def _trusted(self) -> ssl.SSLContext:
        with self._lock:
            if self._trust is None:
                self._trust = trust.context(self._ca)
            return self._trust

    def _write(self, request: Request, hop: _Hop) -> None:
        self._on_audit(
            AuditLine(
                self._plugin, self._instance, request.method, request.destination.shown, hop.address, hop.status,
                hop.error, len(request.body or b""), hop.received, time.monotonic() - hop.began,
            )
        )  # fmt: skip
