"""The entry points of the plugin, and what happens when the host calls one."""

import sys
import traceback

from wardian_sdk import console, log
from wardian_sdk.failures import Exhausted, Failure, Internal
from wardian_sdk.reading import loads
from wardian_sdk.writing import dumps

entries = {}  # by name: given a request, gives the reply


def entry(function):
    """Make a function, or a method of a plugin, an entry point of its own name: from the request it makes the reply."""
    if "." in function.__qualname__.rpartition("<locals>.")[2]:
        function.is_entry = True  # a method: its class sees to it
    else:
        entries[function.__name__] = function
    return function


def answer(name, data):
    """Call an entry point with the bytes of a request: whether it succeeded, and the bytes of its reply or error."""
    try:
        reply = entries[name](loads(data))
        return True, b"" if reply is None else dumps(reply)
    except BaseException as raised:  # noqa: BLE001 - everything becomes an error of the ABI
        return False, dumps(failure(raised).item())
    finally:
        console.flush()


def failure(raised):
    """The error that an exception becomes; where it is none of the SDK's, its traceback goes to the log."""
    if isinstance(raised, Failure):
        return raised
    if isinstance(raised, MemoryError):
        return Exhausted("out of memory")
    if isinstance(raised, SystemExit):
        return Internal(f"the plugin called exit({'' if raised.code is None else raised.code})")
    try:
        said = str(raised)
    except Exception:  # noqa: BLE001 - an exception may be one that cannot even be shown
        said = ""
    log.error(_traceback(raised))
    return Internal(f"{type(raised).__name__}: {said}" if said else type(raised).__name__)


def _traceback(raised):
    """The traceback from the plugin's own code on."""
    step = raised.__traceback__
    while step is not None and step.tb_frame.f_globals.get("__name__", "").startswith("wardian_sdk"):
        step = step.tb_next
    try:
        lines = traceback.format_exception(type(raised), raised, step or raised.__traceback__, limit=-20)
    except Exception:  # noqa: BLE001 - an exception may be one that cannot even be shown
        return f"{type(raised).__name__}, which cannot be shown"
    return "".join(lines).rstrip()


def exported():
    """The names of all entry points, in the order in which they were made."""
    return list(entries)


sys.tracebacklimit = 20
