"""`Action`: something that is done when it is called."""

from wardian_sdk.plugin import Plugin


class Action(Plugin):
    """Does something, and gives a result."""

    kind = "action"
    handlers = {
        "action_call": lambda action, request: action.call(request["params"], request["vars"]),
        "action_cancel": lambda action, request: action.cancel(request["reason"], request["params"]),
    }
    optional = {"action_cancel": "cancel"}

    def call(self, params, vars):
        """Do it; what is returned is the result."""
        raise NotImplementedError

    def cancel(self, reason, params):
        """Undo what a call left behind that was cut short; on a fresh instance."""


def action(function):
    """Make a function of `params` and `vars` an action."""
    type(function.__name__, (Action,), {
        "__module__": function.__module__, "__doc__": function.__doc__,
        "call": lambda _self, params, vars: function(params, vars),
    })  # fmt: skip
    return function
