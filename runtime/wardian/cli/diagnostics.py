"""Errors as a person reads them: what, where, how it came to it, what to do next."""

from __future__ import annotations

import json
import os
import re
import traceback
from typing import TYPE_CHECKING, Final

import click

from wardian.cli import terminal
from wardian.cli.exit_codes import INTERNAL, exit_code
from wardian.cli.usage import Usage
from wardian.errors import (
    BuildError,
    ConfigError,
    GuestError,
    LimitExceeded,
    PackageError,
    PermissionDenied,
    TaskFailed,
    Trap,
    WardianError,
)
from wardian.quantity import format_duration

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE: Final = 1000  # characters; what a plugin says may be of any length and hold any character
_PROBLEMS: Final = 100


def report(error: BaseException, *, prefix: str = "", hint: str = "") -> None:
    """Print the error to standard error, in the lines of `describe`; `hint` stands in for its own."""
    for line in describe(error, prefix=prefix, hint=hint):
        terminal.say(_coloured(line))
    if exit_code(error) == INTERNAL and os.environ.get("WARDIAN_DEBUG"):
        terminal.say("".join(traceback.format_exception(error)).rstrip())


def describe(error: BaseException, *, prefix: str = "", hint: str = "") -> Iterator[str]:
    """The lines for an error, each printable and bounded: `error: …`, `  at …`, details, `hint: …`."""
    if isinstance(error, WardianError):
        yield f"error: {prefix}{shown(_message(error))}"
        if error.where:
            yield f"  at {shown(error.where)}"
        yield from _details(error)
        hint = hint or _hint(error)
    elif isinstance(error, click.ClickException):
        yield f"error: {prefix}{shown(error.format_message())}"
        if isinstance(error, Usage):
            if error.where:
                yield f"  at {shown(error.where)}"
            hint = hint or error.hint
        elif isinstance(error, click.UsageError) and error.ctx is not None:
            hint = f"see `{error.ctx.command_path} --help`"
    elif isinstance(error, OSError):
        place = f": {error.filename}" if error.filename else ""
        yield f"error: {prefix}{shown(f'{error.strerror or error}{place}')}"
    else:
        yield f"error: {prefix}internal error: {type(error).__name__}: {shown(str(error))}"
    if exit_code(error) == INTERNAL:
        hint = hint or "this is a fault of wardian itself: please report it, with what WARDIAN_DEBUG=1 shows"
    if hint:
        yield f"hint: {shown(hint)}"


def shown(text: str) -> str:
    """The text in one line without control characters, cut to 1,000 characters."""
    cut = text if len(text) <= _LINE else f"{text[: _LINE - 1]}…"
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in cut)


def _message(error: WardianError) -> str:
    return f"[{error.kind}] {error.message}" if isinstance(error, GuestError) else error.message


def _details(error: WardianError) -> Iterator[str]:
    while isinstance(error, TaskFailed) and isinstance(error.__cause__, WardianError):
        error = error.__cause__
    if isinstance(error, (BuildError, ConfigError, PackageError)):
        for problem in error.problems[:_PROBLEMS]:
            yield f"  {shown(problem)}"
        if (more := len(error.problems) - _PROBLEMS) > 0:
            yield f"  and {more} more"
    if isinstance(error, (Trap, LimitExceeded)):
        for frame in error.backtrace:
            yield f"  in {shown(frame)}"
    if isinstance(error, GuestError):
        if error.guest_code:
            yield f"  code: {shown(error.guest_code)}"
        if error.retry_after_ms is not None:
            yield f"  try again after {format_duration(error.retry_after_ms / 1000)}"
        if error.details is not None:
            yield f"  details: {shown(json.dumps(error.details, default=str, ensure_ascii=False))}"


def _hint(error: WardianError) -> str:
    """The error's own hint, in the words of the command line."""
    if isinstance(error, PermissionDenied):
        return _grants_hint(error)
    if isinstance(error, LimitExceeded):
        return error.hint.replace(f"raise the limit `{error.limit}`", f"raise it with `--limit {error.limit}=…`")
    return error.hint


def _grants_hint(error: PermissionDenied) -> str:
    """The options that grant what was refused; what no option can grant is said to be so."""
    from wardian.abi.contract import APP_MODULE, capability_of  # noqa: PLC0415 - needed for this error alone

    options: dict[str, None] = {}
    functions: list[str] = []
    for name in error.imports:
        module, _, import_ = name.partition(".")
        if module == APP_MODULE:
            functions.append(f"`{name}`")
            continue
        capability = capability_of(module, import_)
        options["--grant http=HOST:PORT" if capability == "http" else f"--grant {capability}"] = None
    hints = [f"add `{' '.join(options)}` if you trust the plugin with it"] if options else []
    if functions:
        hints.append(
            f"{', '.join(functions)}: a function of the application, which only a Python program can offer, "
            "with `wardian.load(…, functions=…)`"
        )
    return "; ".join(hints) or error.hint


def _coloured(line: str) -> str:
    for start, colour in (("error:", "red"), ("hint:", "cyan")):
        if line.startswith(start):
            return click.style(start, fg=colour, bold=True) + re.sub(
                r"`[^`]*`", lambda found: click.style(found[0], bold=True), line[len(start) :]
            )
    return click.style(line, dim=True)
