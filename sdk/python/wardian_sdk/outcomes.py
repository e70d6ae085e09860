"""Items that succeed or fail one by one."""

from wardian_sdk.entries import failure
from wardian_sdk.failures import Exhausted


def nothing(_result):
    """Null, whatever was returned where nothing is wanted."""
    return


def each(items, handle):
    """What comes of each item, in order: the result, or the error of that item alone."""
    outcomes = []
    for item in items:
        try:
            outcomes.append(handle(item))
        except Exhausted:  # a quota of the whole call
            raise
        except Exception as raised:  # noqa: BLE001 - the other items are none the worse
            outcomes.append(failure(raised).item())
    return outcomes
