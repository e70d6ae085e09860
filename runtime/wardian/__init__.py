"""Runs plugins that nobody has to trust, in any language that compiles to WebAssembly, inside a Python program."""

from wardian.capabilities.log import LogLine
from wardian.errors import (
    AbiViolation,
    Cancelled,
    CapabilityError,
    ConfigError,
    DeadlineExceeded,
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
