"""From a host's name to its addresses, on few threads, so that a slow server of names holds no call."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING, Final

from wardian.egress.failure import failed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wardian.egress.budget import Budget
    from wardian.egress.egress import Resolver

AT_ONCE: Final = 8  # look-ups of one plugin; each holds a thread until the operating system answers or gives up
_MOST: Final = 64  # addresses of one name


class Names:
    """Looks names up for one plugin.

    Threads: may be used from several at once. A look-up that a request does not wait for any longer ends by itself,
    and until then counts among the few that there may be.
    """

    def __init__(self, resolver: Resolver | None) -> None:
        self._resolver = resolver or ask_the_system
        self._slots = threading.BoundedSemaphore(AT_ONCE)

    def addresses(self, host: str, port: int, budget: Budget) -> tuple[str, ...]:
        """The addresses that the name has now, in the order of the answer; asked once, and never kept.

        Raises:
            CapabilityError: `resolve`, when it has none, or too many.
            CallOver, OverLimit, OutOfPatience: the request's time is over.
        """
        while not self._slots.acquire(timeout=budget.wait()):
            pass
        thread: threading.Thread | None = None
        try:
            lookup = _Lookup(self._resolver, host, port, budget.left())
            thread = threading.Thread(target=lookup.run, args=(self._slots,), name="wardian-names", daemon=True)
            thread.start()
        except BaseException as error:
            if thread is None or thread.ident is None:  # otherwise the thread gives its slot back
                self._slots.release()
            if isinstance(error, RuntimeError):
                raise failed("resolve", "the host cannot look up names now") from None
            raise
        while not lookup.done.wait(budget.wait()):
            pass
        if not 0 < len(lookup.found) <= _MOST:
            raise failed("resolve", "the host's name has no address")
        return lookup.found


class _Lookup:
    """One look-up, on a thread of its own."""

    def __init__(self, resolver: Resolver, host: str, port: int, seconds: float) -> None:
        self._resolver, self._host, self._port, self._seconds = resolver, host, port, seconds
        self.found: tuple[str, ...] = ()
        self.done = threading.Event()

    def run(self, slots: threading.BoundedSemaphore) -> None:
        """Ask, and give the slot back; what a resolver raises is no address."""
        try:
            with contextlib.suppress(Exception):
                self.found = tuple(map(str, self._resolver(self._host, self._port, self._seconds)))
        finally:
            slots.release()
            self.done.set()


def ask_the_system(host: str, port: int, _seconds: float) -> Sequence[str]:
    """What `getaddrinfo` answers; it takes as long as it takes."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))
