"""What `wardian check` does with a plugin once its options are read: check, print, and choose the exit code."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from wardian.cli import check_report, config_file, json_text, options, request_input, terminal
from wardian.cli.exit_codes import OK, exit_code
from wardian.cli.interruption import interruptible
from wardian.cli.usage import Usage
from wardian.conformance import check as kit
from wardian.conformance import every_kind
from wardian.conformance.laboratory import Laboratory
from wardian.errors import AbiViolation, LimitExceeded
from wardian.quantity import parse_duration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from wardian.conformance.promise import Promise
    from wardian.conformance.report import Report

_LEAST: Final = 0.1  # seconds
_LINES: Final = 1_000  # of good inputs: each is given many times


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The command line of `wardian check PLUGIN`, a field for each of its arguments and options."""

    plugin: str
    config: str | None = None
    set_: tuple[str, ...] = ()
    input_: str | None = None
    symbol: str | None = None
    grant: tuple[str, ...] = ()
    limit: tuple[str, ...] = ()
    seconds: str = "20s"
    only: tuple[str, ...] = ()
    as_json: bool = False


def check(asked: Asked) -> int:
    """Check a plugin, print the report, and give the exit code.

    Raises:
        Usage: the command line or the inputs are wrong.
        WardianError: it cannot be read, or is no module.
        KeyboardInterrupt: the person has had enough.
    """
    labs: list[Laboratory] = []
    wanted = _wanted(asked)

    def work() -> Report:
        with Laboratory() as lab, _progress() as show:
            labs.append(lab)
            return kit.check(kit.Asked(**wanted, progress=show), lab)

    def end() -> None:
        for lab in labs:
            lab.stop()

    report = interruptible(work, end)
    if asked.as_json:
        terminal.give(json_text.write(report.to_json(), indent=2 if sys.stdout.isatty() else None))
    else:
        check_report.show(report)
    return code(report)


def code(report: Report) -> int:
    """The exit code: that of a plugin that broke the rules, or of time that was over."""
    if report.failed:
        return exit_code(AbiViolation(""))
    return exit_code(LimitExceeded("", value=0)) if report.undecided else OK


def _wanted(asked: Asked) -> dict[str, Any]:
    unknown = [each for each in asked.only if each not in {promise.id for promise in every_kind.ALL}]
    if unknown:
        raise Usage(
            f"there is no promise `{unknown[0]}`", where="--only", hint="`wardian check --list` has all of them"
        )
    limits = options.limits(asked.limit)
    if not any(each.startswith("deadline=") for each in asked.limit):
        limits = options.limits((*asked.limit, f"deadline={kit.DEADLINE:g}s"))
    config = config_file.read(Path(asked.config)) if asked.config else {}
    return {
        "source": asked.plugin,
        "config": options.settings(config, asked.set_),
        "samples": _samples(asked.input_) if asked.input_ else (),
        "symbol": asked.symbol,
        "grants": options.grants(asked.grant) if asked.grant else None,
        "limits": limits,
        "seconds": _seconds(asked.seconds),
        "only": asked.only,
        "smallest": not asked.only,
    }


def _samples(path: str) -> list[Any]:
    given = path if path == "-" else f"@{path}"
    with request_input.opened(given) as stream:
        lines = [line for line in request_input.read_lines(stream, given) if line.content.strip()]
    if not lines or len(lines) > _LINES:
        raise Usage(f"expected 1 to {_LINES:,} lines of JSON, got {len(lines):,}", where=path)
    return [request_input.to_value(line.content, f"{path}:{line.number}", text=False) for line in lines]


def _seconds(text: str) -> float:
    try:
        seconds = parse_duration(float(text) if text.replace(".", "", 1).isdigit() else text)
    except ValueError as error:
        raise Usage(str(error), where=f"--time {text}") from None
    if seconds < _LEAST:
        raise Usage(f"expected at least {_LEAST:g}s", where=f"--time {text}")
    return seconds


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[Promise], None]]:
    """Show which promise is looked at, while a person waits for the report; gives what is told each of them."""
    if not sys.stderr.isatty():
        yield lambda _promise: None
        return
    from rich.status import Status  # noqa: PLC0415 - only where it is shown

    with Status("", console=terminal.console(sys.stderr)) as status:
        yield lambda promise: status.update(promise.id)
