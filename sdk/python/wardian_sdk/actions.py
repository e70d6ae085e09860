"""Other actions; needs the capability `actions`."""

from wardian_sdk import host

_call = host.function("wardian", "action_call")


def call(action, params):
    """Call an action, and give its result."""
    return _call([action, params])
