"""Runs plugins that nobody has to trust, in any language that compiles to WebAssembly, inside a Python program.

The names are imported when they are first used: the engine, which a `--help` or an error's type does not need, takes
most of the time of a start.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wardian.capabilities.log import LogLine
    from wardian.egress.audit import AuditLine
    from wardian.egress.egress import Egress
    from wardian.engine.changes import Change, Reloaded
    from wardian.engine.engine import Engine
    from wardian.errors import (
        AbiViolation,
        BuildError,
        Cancelled,
        CapabilityError,
        ConfigError,
        DeadlineExceeded,
        ExpressionError,
        FuelExhausted,
        GuestError,
        HostCallsExceeded,
        HostFunctionError,
        LimitExceeded,
        MemoryExceeded,
        PackageError,
        PermissionDenied,
        ReplyTooLarge,
        RequestTooLarge,
        StackExhausted,
        StateError,
        TaskFailed,
        Trap,
        WardianError,
    )
    from wardian.guests.outcome import Outcome
    from wardian.guests.receipt import Receipt
    from wardian.plugins.action import Action
    from wardian.plugins.aggregator import Aggregator
    from wardian.plugins.catalog import Catalog
    from wardian.plugins.extension import Extension
    from wardian.plugins.function import Function
    from wardian.plugins.lookup import Lookup
    from wardian.plugins.plugin import Plugin
    from wardian.plugins.processor import Processor
    from wardian.plugins.runtime import Runtime
    from wardian.plugins.shared import load
    from wardian.plugins.sink import Sink
    from wardian.plugins.source import Source
    from wardian.plugins.use import Use
    from wardian.policy import Grants, Limits
    from wardian.polling import Polled
    from wardian.project import Project
    from wardian.record import Record
    from wardian.tasks.events import JobDone, JobStarted, Logged, TaskDone, TaskStarted, Warned
    from wardian.tasks.listing import PluginInfo, TaskInfo
    from wardian.tasks.result import JobResult, TaskResult

__all__ = [
    "AbiViolation",
    "Action",
    "Aggregator",
    "AuditLine",
    "BuildError",
    "Cancelled",
    "CapabilityError",
    "Catalog",
    "Change",
    "ConfigError",
    "DeadlineExceeded",
    "Egress",
    "Engine",
    "ExpressionError",
    "Extension",
    "FuelExhausted",
    "Function",
    "Grants",
    "GuestError",
    "HostCallsExceeded",
    "HostFunctionError",
    "JobDone",
    "JobResult",
    "JobStarted",
    "LimitExceeded",
    "Limits",
    "LogLine",
    "Logged",
    "Lookup",
    "MemoryExceeded",
    "Outcome",
    "PackageError",
    "PermissionDenied",
    "Plugin",
    "PluginInfo",
    "Polled",
    "Processor",
    "Project",
    "Receipt",
    "Record",
    "Reloaded",
    "ReplyTooLarge",
    "RequestTooLarge",
    "Runtime",
    "Sink",
    "Source",
    "StackExhausted",
    "StateError",
    "TaskDone",
    "TaskFailed",
    "TaskInfo",
    "TaskResult",
    "TaskStarted",
    "Trap",
    "Use",
    "WardianError",
    "Warned",
    "load",
]

# Where each name is at home; all others are errors.
_HOMES = {
    "Action": "plugins.action",
    "Aggregator": "plugins.aggregator",
    "Catalog": "plugins.catalog",
    "Change": "engine.changes",
    "Reloaded": "engine.changes",
    "Engine": "engine.engine",
    "Extension": "plugins.extension",
    "Function": "plugins.function",
    "AuditLine": "egress.audit",
    "Egress": "egress.egress",
    "Grants": "policy",
    "JobDone": "tasks.events",
    "JobResult": "tasks.result",
    "JobStarted": "tasks.events",
    "Limits": "policy",
    "LogLine": "capabilities.log",
    "Logged": "tasks.events",
    "Lookup": "plugins.lookup",
    "Outcome": "guests.outcome",
    "Plugin": "plugins.plugin",
    "PluginInfo": "tasks.listing",
    "Polled": "polling",
    "Processor": "plugins.processor",
    "Project": "project",
    "Receipt": "guests.receipt",
    "Record": "record",
    "Runtime": "plugins.runtime",
    "Sink": "plugins.sink",
    "Source": "plugins.source",
    "TaskDone": "tasks.events",
    "TaskInfo": "tasks.listing",
    "TaskResult": "tasks.result",
    "TaskStarted": "tasks.events",
    "Use": "plugins.use",
    "Warned": "tasks.events",
    "load": "plugins.shared",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any of the above
    if name not in __all__:
        raise AttributeError(f"module `wardian` has no attribute `{name}`", name=name, obj=None)
    value = getattr(import_module(f"wardian.{_HOMES.get(name, 'errors')}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__all__)
