"""`Action`: something that is done once, with parameters, and that can be undone when it was cut short."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from wardian.capabilities.variables import Variables
from wardian.errors import Cancelled, DeadlineExceeded, WardianError
from wardian.guests.guest import Order
from wardian.plugins import plugin as plugins
from wardian.plugins import reply
from wardian.plugins.use import Use

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wardian.guests.outcome import Outcome
    from wardian.sandbox.deadline import Call

_CALL, _CANCEL = "action_call", "action_cancel"
_log: Final = logging.getLogger("wardian.guest")


class Action(Use):
    """A bound action, from `Plugin.action`."""

    kind = "action"

    def __call__(self, params: object = None, vars: Mapping[str, object] | Variables | None = None) -> Any:  # noqa: A002, ANN401
        """Do it, and give its result.

        A call that had to be cut, by its deadline or by `cancel`, has failed, whatever its plugin says afterwards: the
        plugin's `action_cancel` is called once, on a fresh instance, so that it can undo what is left behind, and the
        error is raised. When that fails as well, it is logged, and noted on the error.

        Args:
            params: what to do it with, any value.
            vars: the variables of the running job: a map; or `Variables`, in which what the plugin sets can be seen.
                They are what it reads, sets and expands texts with, where that is granted, in place of those of `load`,
                of which a job has a copy of its own where None is given.

        Raises:
            DeadlineExceeded, Cancelled: it was cut.
            ValueError: a variable has no name, or there are too many.
            WardianError: otherwise as `Plugin.call`.
        """
        variables = vars if isinstance(vars, Variables) else self._job(vars)
        order = Order(check=plugins.shaped(self._plugin, reply.anything), variables=variables)
        return self._do(params, variables.values(), order)

    def invoke(
        self,
        params: object = None,
        vars: Mapping[str, object] | None = None,  # noqa: A002
        *,
        variables: Variables | None = None,
        within: Call | None = None,
        began: Callable[[Call, Callable[[str], object]], object] | None = None,
    ) -> Outcome:
        """Do it, and give its result with its receipt; raises as a call does.

        Args:
            params: what to do it with, any value.
            vars: the variables of the running job.
            variables: what its plugin reads and sets as variables, and expands texts with.
            within: the call of another plugin that this one must not outlive, though it is on another thread.
            began: told the call when it begins, with a function that ends it from any thread: `deadline` or
                `cancelled` says why.
        """

        def begins(call: Call) -> None:
            if began is not None:
                began(call, lambda reason: plugins.end(self._plugin, call, reason))

        order = Order(
            check=plugins.shaped(self._plugin, reply.anything),
            measured=True,
            cpu=True,
            variables=variables,
            within=within,
            began=begins,
        )
        outcome: Outcome = self._do(params, vars, order)
        return outcome

    def _do(self, params: object, given: Mapping[str, object] | None, order: Order) -> Any:  # noqa: ANN401
        request = plugins.encoded(self._plugin, _CALL, {"params": params, "vars": dict(given or {})})
        try:
            return plugins.ordered(self._plugin, _CALL, request, order)
        except (DeadlineExceeded, Cancelled) as error:
            if self._has(_CANCEL) and not self.closed:
                self._undo("deadline" if isinstance(error, DeadlineExceeded) else "cancelled", params, error)
            raise

    def _job(self, given: Mapping[str, object] | None) -> Variables:
        return Variables(self._bound.loaded.request.given.variables if given is None else given)

    def _undo(self, reason: str, params: object, cut: WardianError) -> None:
        try:
            with self._bound.fresh(opened=True) as plugin:
                request = plugins.encoded(plugin, _CANCEL, {"reason": reason, "params": params})
                plugins.checked(plugin, _CANCEL, request, reply.null)
        except WardianError as error:
            _log.warning("%s could not be undone: %s", self._where(_CALL), error)
            cut.add_note(f"what it left behind could not be undone: {error}")
