"""What the command's exit code means: one table, by the type of the error."""

from __future__ import annotations

from typing import Final, NamedTuple

import click

from wardian.errors import (
    AbiViolation,
    BuildError,
    Cancelled,
    CapabilityError,
    ConfigError,
    ExpressionError,
    GuestError,
    HostFunctionError,
    LimitExceeded,
    PackageError,
    PermissionDenied,
    StateError,
    TaskFailed,
    Trap,
    WardianError,
)

OK: Final = 0
INTERNAL: Final = 70  # EX_SOFTWARE of sysexits.h
NO_OUTPUT: Final = 74  # EX_IOERR
INTERRUPTED: Final = 130  # as shells say it: 128 and the number of the signal
PIPE_CLOSED: Final = 141


class Row(NamedTuple):
    """One exit code, the errors that lead to it, and what it says to a person."""

    code: int
    kinds: tuple[type[BaseException], ...]
    meaning: str


# An error has the code of the first row that names its type or a parent of it.
TABLE: Final = (
    Row(OK, (), "it worked"),
    Row(
        1,
        (GuestError, CapabilityError, TaskFailed),
        "the plugin answered with an error of its own, or otherwise than its cases say",
    ),
    Row(2, (click.UsageError,), "the command line or the input is wrong"),
    Row(3, (PackageError,), "this is no plugin that can run here, or it has no such entry point"),
    Row(4, (PermissionDenied,), "the plugin asks for more than it was granted"),
    Row(5, (ConfigError, ExpressionError), "the configuration is wrong"),
    Row(6, (LimitExceeded,), "a limit was hit: time, memory, size, ..."),
    Row(7, (Trap, AbiViolation), "the plugin crashed or broke the rules"),
    Row(8, (StateError,), "the state cannot be used"),
    Row(9, (HostFunctionError,), "a function of the application failed"),
    Row(10, (BuildError,), "the plugin could not be built"),
    Row(NO_OUTPUT, (OSError,), "reading or writing failed"),
    Row(INTERRUPTED, (Cancelled, KeyboardInterrupt, click.Abort), "interrupted"),
    Row(PIPE_CLOSED, (BrokenPipeError,), "nobody reads the output any more"),
    Row(INTERNAL, (WardianError, Exception), "a fault of wardian itself"),
)


def exit_code(error: BaseException) -> int:
    """The exit code for an error, by the closest of its types that the table names; that of a task is its cause's."""
    while isinstance(error, TaskFailed) and error.__cause__ is not None:
        error = error.__cause__
    if type(error) is WardianError and isinstance(error.__cause__, BrokenPipeError):  # of a pipeline's sink
        error = error.__cause__
    for kind in type(error).__mro__:
        for row in TABLE:
            if kind in row.kinds:
                return row.code
    return INTERNAL


def table_text() -> str:
    """The table for people, a line for each code, in the order of the codes."""
    return "\n".join(f"{row.code:>5}  {row.meaning}" for row in sorted(TABLE))
