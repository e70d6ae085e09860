"""What a module becomes: something that can be called, whatever way it speaks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Mapping

    from wardian.capabilities.emit import Taker
    from wardian.capabilities.variables import Variables
    from wardian.sandbox.deadline import Call


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Order:
    """How a call is to be made, beyond its entry point and request; the empty one is a plain call.

    One without `began` may serve many calls.

    Attributes:
        check: called with the reply before anything is kept; what it returns is the call's value, what it raises fails
            the call.
        loop: the event loop of an asynchronous caller, or None.
        began: told the running call, so that somebody else can cancel it.
        within: the call that this one must not outlive, though it runs on another thread; or None.
        variables: the variables that it sees, or None for those of the plugin.
        taker: takes the records that it emits, or None for that of the plugin.
        measured: whether a receipt is wanted; the call then gives an `Outcome`.
        cpu: whether the receipt has CPU time.
        plain: whether there is nothing but the check and the receipt, if those.
    """

    check: Callable[[bytes], Any] | None = None
    loop: asyncio.AbstractEventLoop | None = None
    began: Callable[[Call], None] | None = None
    within: Call | None = None
    variables: Variables | None = None
    taker: Taker | None = None
    measured: bool = False
    cpu: bool = False
    plain: bool = field(init=False)

    def instruct(self, call: Call) -> None:
        """Note on a call that is about to run how it is to be made."""
        call.loop, call.variables, call.taker = self.loop, self.variables, self.taker
        if self.within is not None:
            call.put_within(self.within)
        if self.began is not None:
            self.began(call)

    def __post_init__(self) -> None:
        """See whether there is anything to instruct a call of; looked at once, not in each call."""
        given = (self.loop, self.began, self.within, self.variables, self.taker)
        plain = all(each is None for each in given)
        object.__setattr__(self, "plain", plain)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Opening:
    """How an instance is opened.

    Attributes:
        request: makes the request of `plugin_open`, anew for each instance.
        answered: called with its decoded reply; what it raises fails the start.
    """

    request: Callable[[], Mapping[str, Any]]
    answered: Callable[[object], object] | None = None


class Guest(Protocol):
    """One instance, or the promise of one, that answers requests.

    Threads: one at a time; a pool sees to that.

    Attributes:
        broken: whether it must not be called again; its pool replaces it.
    """

    broken: bool

    @property
    def memory(self) -> int:
        """The bytes of linear memory that it keeps between two calls."""

    def call(self, entry: str, request: bytes, order: Order | None = None) -> Any:  # noqa: ANN401 - the order decides
        """The reply's bytes, or what the order asks for; a null reply has no bytes.

        Raises:
            WardianError: whatever ended the call; nothing that it did to state is kept.
        """

    def close(self) -> None:
        """Free everything; not while a call runs."""
