"""What a plugin in Python is written with.

Names are imported when they are first asked for, and not before: what a plugin never imports, its module does not ask
the host for either.
"""

import importlib

_HOMES = {
    "entry": "entries",
    "Record": "record",
    "Time": "moment",
    "Plugin": "plugin",
    "Source": "kinds.source", "Polled": "kinds.source",
    "Action": "kinds.action", "action": "kinds.action",
    "Processor": "kinds.processor", "processor": "kinds.processor",
    "Function": "kinds.function", "function": "kinds.function",
    "Aggregator": "kinds.aggregator",
    "Sink": "kinds.sink", "sink": "kinds.sink",
    "Lookup": "kinds.lookup", "lookup": "kinds.lookup",
    "Extension": "kinds.extension", "method": "kinds.extension",
    "Failure": "failures", "Invalid": "failures", "BadConfig": "failures", "Transient": "failures",
    "Denied": "failures", "Exhausted": "failures", "NotFound": "failures", "Conflict": "failures",
    "Unimplemented": "failures", "Internal": "failures",
}  # fmt: skip
_MODULES = (
    "actions", "app", "cancelled", "clock", "codec", "duration", "emit", "extensions", "http", "log", "metric",
    "random", "state", "template", "testing", "vars",
)  # fmt: skip
__all__ = [*_HOMES, *_MODULES]  # noqa: PLE0604 - they are names


def __getattr__(name):
    if name not in _MODULES and name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        home = importlib.import_module(f"{__name__}.{_HOMES.get(name, name)}")
    except ModuleNotFoundError:  # a running plugin has no files
        raise ImportError(f"`{name}` has to be imported at the top of the plugin's module") from None
    return home if name in _MODULES else getattr(home, name)
