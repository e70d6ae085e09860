"""`Function`: computes a value for each row of a query."""

import inspect

from wardian_sdk import outcomes
from wardian_sdk.failures import Invalid
from wardian_sdk.plugin import Plugin


def _call(function, request):
    least, most = _arity(function.call)

    def of(row):
        _require(len(row), least, most)
        return {"value": function.call(*row)}

    return outcomes.each(request["rows"], of)


class Function(Plugin):
    """Computes values. What it raises fails that row alone."""

    kind = "function"
    handlers = {
        "function_call": _call,
        "function_validate": lambda function, request: function.validate(request["args"]),
    }

    def call(self, *args):
        """The value of one row; of an aggregate, each argument is a list."""
        raise NotImplementedError

    def validate(self, args):
        """Refuse arguments when a query is prepared; each is `{literal}`, or `{column, type}`.

        Unless it is overridden, it refuses another number of them than `call` takes.
        """
        _require(len(args), *_arity(self.call))


def _require(given, least, most):
    if given < least or (most is not None and given > most):
        raise Invalid(f"expected {_number(least, most)}")


def _arity(call):
    parameters = inspect.signature(call).parameters.values()
    places = [each for each in parameters if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)]
    more = any(each.kind is each.VAR_POSITIONAL for each in parameters)
    return sum(each.default is each.empty for each in places), None if more else len(places)


def _number(least, most):
    if most is None:
        return f"at least {least} argument{'s' * (least != 1)}"
    return f"{least}{'' if least == most else f' to {most}'} argument{'s' * (most != 1)}"


def function(function):
    """Make a function of a row's values a plugin."""
    type(function.__name__, (Function,), {
        "__module__": function.__module__, "__doc__": function.__doc__, "call": staticmethod(function),
    })  # fmt: skip
    return function
