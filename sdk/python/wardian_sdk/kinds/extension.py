"""`Extension`: methods that other plugins, and the application, call by name."""

from wardian_sdk.failures import Unimplemented
from wardian_sdk.plugin import Plugin


def method(function):
    """Let a method of an extension be called from outside, by its name and with one argument."""
    function.called_by_name = True
    return function


class Extension(Plugin):
    """Offers the methods that are marked with `method`."""

    kind = "extension"
    handlers = {"extension_call": lambda extension, request: extension.call(request["method"], request["argument"])}

    def call(self, method, argument):
        """Call a method by its name."""
        found = getattr(type(self), method, None)
        if not getattr(found, "called_by_name", False):
            offered = [name for name in dir(type(self)) if getattr(getattr(type(self), name), "called_by_name", False)]
            raise Unimplemented(f"there is no method `{method}`; there are {', '.join(offered) or 'none'}")
        return found(self, argument)
