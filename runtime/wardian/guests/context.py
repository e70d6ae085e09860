"""What one instance is bound to: its names, its limits, and a capability object for each thing it may ask."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wardian.abi.bounds import Bounds

if TYPE_CHECKING:
    from logging import Logger

    from wardian.capabilities.cancelled import Cancelled
    from wardian.capabilities.capability import Capability
    from wardian.capabilities.clock import Clock
    from wardian.capabilities.log import Log
    from wardian.capabilities.metric import Metric
    from wardian.capabilities.random import Random
    from wardian.capabilities.state import State
    from wardian.policy import Limits
    from wardian.sandbox.wasi import World


@dataclass(slots=True)
class Context:
    """The bindings of one instance; no two instances share one.

    Attributes:
        plugin: the plugin's name.
        instance: the instance's name; with the plugin's it is the scope of its state.
        limits: what it may use.
        log: takes its log lines; always there.
        metric: takes its metrics; always there.
        cancelled: tells it whether to end; always there.
        state: its state, where granted.
        clock: the time, where granted.
        random: random bytes, where granted.
        wasi: what its WASI functions see.
        touched: the capabilities that the running call has used and that have something to settle.
    """

    plugin: str
    instance: str
    limits: Limits
    log: Log
    metric: Metric
    cancelled: Cancelled
    wasi: World
    state: State | None = None
    clock: Clock | None = None
    random: Random | None = None
    touched: list[Capability] = field(default_factory=list)

    def settle(self, *, succeeded: bool) -> None:
        """End the call for every capability that it used; all are ended, and the first failure is raised."""
        failure: BaseException | None = None
        touched, self.touched = self.touched, []
        for capability in touched:
            try:
                capability.settle(succeeded=succeeded and failure is None)
            except BaseException as error:  # noqa: BLE001 - the others have to be ended too; raised below
                failure = failure or error
        if failure is not None:
            raise failure

    def undo(self, log: Logger) -> None:
        """End the call as failed; what cannot be undone is logged, for there is an error to raise already."""
        try:
            self.settle(succeeded=False)
        except Exception:
            log.exception("%s: what the failed call did could not be undone", self.plugin)


def request_bounds(limits: Limits) -> Bounds:
    """The bounds of what is asked, of the guest or of the host."""
    return Bounds(size=limits.request, items=limits.items, depth=limits.depth)


def reply_bounds(limits: Limits) -> Bounds:
    """The bounds of what is answered, by the guest or by the host."""
    return Bounds(size=limits.reply, items=limits.items, depth=limits.depth)
