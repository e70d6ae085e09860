"""What one instance is bound to: its names, its limits, and a capability object for each thing it may ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wardian.abi.bounds import Bounds

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from logging import Logger

    from wardian.capabilities.actions import Actions
    from wardian.capabilities.cancelled import Cancelled
    from wardian.capabilities.capability import Capability
    from wardian.capabilities.clock import Clock
    from wardian.capabilities.emit import Emit
    from wardian.capabilities.extensions import Extensions
    from wardian.capabilities.http import Http
    from wardian.capabilities.log import Log
    from wardian.capabilities.metric import Metric
    from wardian.capabilities.random import Random
    from wardian.capabilities.state import State
    from wardian.capabilities.template import Template
    from wardian.capabilities.variables import View
    from wardian.capabilities.vars import Vars
    from wardian.policy import Limits
    from wardian.sandbox.wasi import World

    Maker = Callable[["Context"], Any]


class Context:
    """The bindings of one instance; no two instances share one.

    Each capability is made when the guest first asks for it: a fresh instance that asks for nothing pays for none.

    Args:
        plugin: the plugin's name.
        instance: the instance's name; with the plugin's it is the scope of its state.
        limits: what it may use.
        makers: makes each capability that was granted, by its name, for the context that it is given.

    Attributes:
        log: takes its log lines; always there.
        metric: takes its metrics; always there.
        cancelled: tells it whether to end; always there.
        state: its state, where granted.
        clock: the time, where granted.
        random: random bytes, where granted.
        variables: the variables as its running call sees them; always there.
        vars: reads and sets those, where granted.
        template: expands texts with them, where granted.
        emit: takes its records, where granted.
        actions: calls actions, where granted.
        extensions: calls extensions, where granted.
        http: its HTTP requests, where granted.
        wasi: what its WASI functions see.
        touched: the capabilities that the running call has used and that have something to settle; always one list.
    """

    __slots__ = (
        "_makers", "actions", "cancelled", "clock", "emit", "extensions", "http", "instance", "limits", "log", "metric",
        "plugin", "random", "state", "template", "touched", "variables", "vars", "wasi",
    )  # fmt: skip

    log: Log
    metric: Metric
    cancelled: Cancelled
    state: State
    clock: Clock
    random: Random
    variables: View
    vars: Vars
    template: Template
    emit: Emit
    actions: Actions
    extensions: Extensions
    http: Http
    wasi: World

    def __init__(self, plugin: str, instance: str, limits: Limits, makers: Mapping[str, Maker]) -> None:
        self.plugin, self.instance, self.limits = plugin, instance, limits
        self._makers = makers
        self.touched: list[Capability] = []

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - asked for what is not made yet
        make = self._makers.get(name)
        if make is None:
            raise AttributeError(f"`{name}` was not granted", name=name, obj=self)
        made = make(self)
        setattr(self, name, made)
        return made

    def settle(self, *, succeeded: bool) -> None:
        """End the call for every capability that it used; all are ended, and the first failure is raised.

        Records go first and state last, so that a call whose records cannot be delivered leaves nothing behind.
        """
        failure: BaseException | None = None
        touched = self.touched.copy()
        self.touched.clear()
        if len(touched) > 1:
            touched.sort(key=_turn)
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


def _turn(capability: Capability) -> int:
    return capability.settles


def request_bounds(limits: Limits) -> Bounds:
    """The bounds of what is asked, of the guest or of the host."""
    return Bounds(size=limits.request, items=limits.items, depth=limits.depth)


def reply_bounds(limits: Limits) -> Bounds:
    """The bounds of what is answered, by the guest or by the host."""
    return Bounds(size=limits.reply, items=limits.items, depth=limits.depth)
