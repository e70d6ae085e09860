"""What `wardian call` does once its options are read: load, call, print."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wardian.cli import config_file, json_text, options, receipts, request_input, terminal
from wardian.cli.diagnostics import report
from wardian.cli.exit_codes import OK, exit_code
from wardian.cli.interruption import interruptible
from wardian.cli.log_lines import LogPrinter
from wardian.cli.progress import progress
from wardian.cli.record_lines import RecordPrinter
from wardian.cli.usage import Usage
from wardian.cli.using import state_path
from wardian.errors import Cancelled, WardianError
from wardian.guests import wire
from wardian.guests.context import request_bounds
from wardian.plugins.runtime import Runtime

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wardian.guests.receipt import Receipt
    from wardian.plugins.plugin import Plugin
    from wardian.policy import Grants, Limits

_INDENT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The command line of `wardian call`, a field for each of its arguments and options."""

    plugin: str
    entry: str
    request: str | None = None
    config: str | None = None
    set_: tuple[str, ...] = ()
    limit: tuple[str, ...] = ()
    grant: tuple[str, ...] = ()
    var: tuple[str, ...] = ()
    state: str | None = None
    text: bool = False
    lines: bool = False
    keep_going: bool = False
    cbor: bool = False
    receipt: bool = False
    receipt_json: bool = False
    name: str | None = None
    instance: str = "default"
    quiet: bool = False
    log_level: str = "trace"


def call(asked: Asked) -> int:
    """Carry out one `wardian call`, and give its exit code.

    Raises:
        Usage: the command line or the input is wrong.
        WardianError: whatever the plugin or its host came to.
        KeyboardInterrupt: the person has had enough; the guest has been ended.
    """
    _check(asked)
    config = options.settings(config_file.read(Path(asked.config)) if asked.config else {}, asked.set_)
    grants, variables = options.grants(asked.grant), options.variables(asked.var)
    run = _Run(asked, config, options.limits(asked.limit), grants, variables)
    return interruptible(run.work, run.end)


@dataclass(slots=True)
class _Run:
    """One run of the command, on its own thread."""

    asked: Asked
    config: Mapping[str, Any]
    limits: Limits
    grants: Grants
    variables: Mapping[str, Any] = field(default_factory=dict)
    plugin: Plugin | None = None
    ended: bool = False
    receipts: list[Receipt] = field(default_factory=list)

    def work(self) -> int:
        asked = self.asked
        # What is wrong with the request is said before anything is compiled.
        value = None if asked.lines or asked.cbor else request_input.read_value(asked.request, text=asked.text)
        on_log = LogPrinter(None if asked.quiet else asked.log_level)
        with Runtime(state=state_path(asked.state) if self.grants.state else None, on_log=on_log) as runtime:
            plugin = self.plugin = runtime.load(
                asked.plugin, config=self.config, limits=self.limits, grants=self.grants, name=asked.name,
                instance=asked.instance, variables=self.variables,
                on_emit=RecordPrinter(asked.quiet) if self.grants.emit else None,
            )  # fmt: skip
            if asked.lines:
                code = self._lines(plugin)
            elif asked.cbor:
                code = _call_bytes(plugin, asked)
            else:
                code = self._once(plugin, value)
            if asked.receipt or asked.receipt_json:
                total = receipts.summary(self.receipts, plugin.metrics())
                (receipts.print_json if asked.receipt_json else receipts.print_table)(total)
            return code

    def end(self) -> None:
        """End the run from another thread."""
        self.ended = True
        if self.plugin is not None:
            self.plugin.cancel()

    def _once(self, plugin: Plugin, value: object) -> int:
        terminal.give(json_text.write(self._reply(plugin, value), indent=_INDENT if sys.stdout.isatty() else None))
        return OK

    def _lines(self, plugin: Plugin) -> int:
        given = self.asked.request or ""
        code, failed, done = OK, 0, 0
        with request_input.opened(given) as stream, progress(_size(given)) as show:
            for line in request_input.read_lines(stream, given):
                if self.ended:
                    raise KeyboardInterrupt
                if not (self.asked.text or line.content.strip()):
                    continue
                done += 1
                try:
                    value = request_input.to_value(line.content, "", text=self.asked.text)
                    reply = json_text.write(self._reply(plugin, value))
                except Cancelled:
                    raise
                except (WardianError, Usage) as error:
                    report(error, prefix=f"line {line.number}: ")
                    failed += 1
                    code = code or exit_code(error)
                    if not self.asked.keep_going:
                        return code
                else:
                    terminal.give(reply)
                show(line.end, done)
        if failed:
            terminal.say(f"{failed} of {done} lines failed")
        return code

    def _reply(self, plugin: Plugin, value: object) -> object:
        try:
            if not (self.asked.receipt or self.asked.receipt_json):
                return plugin.call(self.asked.entry, value)
            outcome = plugin.invoke(self.asked.entry, value, cpu=True)
        except TypeError:
            _check_encodable(value, self.limits)
            raise
        self.receipts.append(outcome.receipt)
        return outcome.value


def _check(asked: Asked) -> None:
    """Refuse options that do not go together."""
    given = asked.request or ""
    from_input = given == "-" or given.startswith("@")
    if asked.cbor and (asked.lines or asked.text):
        raise Usage("`--cbor` goes with neither `--lines` nor `--text`", hint="choose one of them")
    if asked.cbor and (asked.receipt or asked.receipt_json):
        raise Usage("a call with `--cbor` has no receipt", hint="leave `--receipt` out, or give the request as JSON")
    if (asked.cbor or asked.lines) and not from_input:
        option = "--cbor" if asked.cbor else "--lines"
        raise Usage(f"`{option}` needs an input", hint="name it: `@file`, or `-` for standard input")
    if asked.keep_going and not asked.lines:
        raise Usage("`--keep-going` goes with `--lines`", hint="leave it out for a single call")


def _check_encodable(value: object, limits: Limits) -> None:
    """Refuse what JSON can say and the ABI cannot, such as an integer of more than 64 bits."""
    try:
        wire.encode_request(value, request_bounds(limits))
    except TypeError as error:
        raise Usage(str(error), hint="integers have 64 bits, texts are Unicode") from None


def _call_bytes(plugin: Plugin, asked: Asked) -> int:
    terminal.give(plugin.call_bytes(asked.entry, request_input.read_bytes(asked.request or "")))
    return OK


def _size(given: str) -> int | None:
    path = Path(given.removeprefix("@")).expanduser()
    return path.stat().st_size if given != "-" and path.is_file() else None
