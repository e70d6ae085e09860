"""What the operator allows to be asked: hosts by their names, and addresses by naming them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wardian.egress import addresses
from wardian.egress.destination import DEFAULT_PORTS
from wardian.hosts import parse_granted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from wardian.egress.destination import Destination


class AllowList:
    """The hosts of `Grants(http=…)`; pure, and the only thing that decides where a request may go."""

    def __init__(self, granted: Iterable[str]) -> None:
        self._granted = tuple(map(parse_granted, granted))

    def names(self, destination: Destination) -> bool:
        """Whether the host and port of a destination are on the list, as the URL has them."""
        default = DEFAULT_PORTS[destination.scheme]
        return any(each.covers(destination.host, destination.port, default) for each in self._granted)

    def why_not_dialled(self, address: str, destination: Destination, is_own: Callable[[str], bool]) -> str | None:
        """Why an address that the destination's host has may not be dialled, or None.

        A name that is granted stands for public addresses of other machines. Any other address has to be granted
        itself, with the port.

        Args:
            address: what the name was looked up as.
            destination: where the request goes.
            is_own: tells whether an address is one of this machine's.

        Raises:
            ValueError: it is no address.
        """
        default = DEFAULT_PORTS[destination.scheme]
        if any(
            each.host.address
            and addresses.same(each.host.text, address)
            and each.covers(each.host, destination.port, default)
            for each in self._granted
        ):
            return None
        return addresses.why_not_public(address) or ("of this machine" if is_own(address) else None)
