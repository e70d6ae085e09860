"""Runs plugins that nobody has to trust, in any language that compiles to WebAssembly, inside a Python program.

The names are imported when they are first used: the engine, which a `--help` or an error's type does not need, takes
most of the time of a start.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wardian.capabilities.log import LogLine
    from wardian.errors import (
        AbiViolation,
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
        Trap,
        WardianError,
    )
    from wardian.guests.receipt import Outcome, Receipt
    from wardian.plugins.plugin import Plugin
    from wardian.plugins.runtime import Runtime
    from wardian.plugins.shared import load
    from wardian.policy import Grants, Limits

__all__ = [
    "AbiViolation",
    "Cancelled",
    "CapabilityError",
    "ConfigError",
    "DeadlineExceeded",
    "ExpressionError",
    "FuelExhausted",
    "Grants",
    "GuestError",
    "HostCallsExceeded",
    "HostFunctionError",
    "LimitExceeded",
    "Limits",
    "LogLine",
    "MemoryExceeded",
    "Outcome",
    "PackageError",
    "PermissionDenied",
    "Plugin",
    "Receipt",
    "ReplyTooLarge",
    "RequestTooLarge",
    "Runtime",
    "StackExhausted",
    "StateError",
    "Trap",
    "WardianError",
    "load",
]

# Where each name is at home; all others are errors.
_HOMES = {
    "Grants": "policy",
    "Limits": "policy",
    "LogLine": "capabilities.log",
    "Outcome": "guests.receipt",
    "Plugin": "plugins.plugin",
    "Receipt": "guests.receipt",
    "Runtime": "plugins.runtime",
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
