"""A connection to a vetted address, whose every wait is bounded by the request that it serves."""

from __future__ import annotations

import contextlib
import errno
import select
import socket
import ssl
import time
from typing import TYPE_CHECKING, Final, Self, TypeVar

from wardian.egress.failure import failed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from wardian.egress.budget import Budget

    Result = TypeVar("Result")

_READ: Final = 64 * 2**10
_AGAIN: Final = (ssl.SSLWantReadError, ssl.SSLWantWriteError, BlockingIOError, TimeoutError)


class Connection:
    """A connected socket; a context manager that closes it.

    Its own timeouts are per operation, and a server that sends a byte a second never meets one. So each operation waits
    in slices, and asks the budget before each.
    """

    def __init__(self, plain: socket.socket, budget: Budget) -> None:
        self._socket, self._budget = plain, budget

    def secure(self, context: ssl.SSLContext, name: str) -> None:
        """Speak TLS from here on, with a server that proves to be `name`.

        Raises:
            CapabilityError: `certificate`, when it does not; `tls`, when it speaks none that we accept.
        """
        try:
            # An end without TLS's own is no end: whoever sits between could have made it.
            secured = context.wrap_socket(
                self._socket, server_hostname=name, do_handshake_on_connect=False, suppress_ragged_eofs=False
            )
            self._socket = secured
            self._patiently(secured.do_handshake)
        except ssl.SSLCertVerificationError as error:
            raise failed("certificate", f"the server's certificate is not trusted: {_reason(error)}") from None
        except (OSError, ValueError):
            raise failed("tls", "no TLS connection could be made") from None

    def send(self, data: bytes) -> None:
        """Send all of it.

        Raises:
            CapabilityError: `protocol`, when the server is gone.
        """
        left = memoryview(data)
        try:
            while left:
                part = left[:_READ]
                left = left[self._patiently(lambda part=part: self._socket.send(part)) :]  # type: ignore[misc]
        except OSError:
            raise failed("protocol", "the server ended the connection before it had the request") from None

    def receive(self, *, head: bool) -> bytes:
        """Some bytes, as soon as there are any; none at the end.

        Raises:
            CapabilityError: `protocol`, when the connection broke.
            OverLimit: there were too many.
        """
        try:
            data = self._patiently(lambda: self._socket.recv(_READ))
        except OSError:
            raise failed("protocol", "the server broke the connection off") from None
        self._budget.take(len(data), head=head)
        return data

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def _patiently(self, operate: Callable[[], Result]) -> Result:
        while True:
            self._socket.settimeout(self._budget.wait())
            try:
                return operate()
            except _AGAIN:
                continue


def connect(addresses: Sequence[str], port: int, budget: Budget) -> tuple[Connection, str]:
    """A connection to the first of these addresses that answers, each given a fair share of the time, and its address.

    Raises:
        CapabilityError: `connect`, when none does.
    """
    for number, address in enumerate(addresses):
        made = _connect(address, port, budget, share=budget.left() / (len(addresses) - number))
        if made is not None:
            return Connection(made, budget), address
    budget.left()  # what was too slow is over time, and what refused is not
    raise failed("connect", "no connection could be made")


def is_own(address: str) -> bool:
    """Whether it is an address of this machine: the one that the kernel would itself speak from to reach it."""
    try:
        probe = socket.socket(_family(address), socket.SOCK_DGRAM)
    except OSError:
        return True  # nobody can tell
    with probe:
        try:
            probe.connect((address, 9))  # a datagram socket: nothing is sent
        except OSError:
            return False  # there is no way to it
        return bool(probe.getsockname()[0] == probe.getpeername()[0])


def _connect(address: str, port: int, budget: Budget, share: float) -> socket.socket | None:
    """A socket, or None when the address does not answer within its share of seconds."""
    until = time.monotonic() + share
    with contextlib.ExitStack() as unless_connected:
        try:
            plain = unless_connected.enter_context(socket.socket(_family(address), socket.SOCK_STREAM))
            plain.settimeout(0)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            state = plain.connect_ex((address, port))
        except OSError:
            return None
        writable = select.poll()
        writable.register(plain, select.POLLOUT)
        while state == errno.EINPROGRESS and time.monotonic() < until:
            if writable.poll(budget.wait() * 1000):
                state = plain.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if state == 0:
            unless_connected.pop_all()
            return plain
    return None


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def _reason(error: ssl.SSLCertVerificationError) -> str:
    # OpenSSL's own words for it, such as `certificate has expired`; what it says of names holds only the guest's own.
    return str(error.verify_message or "it could not be checked")
