"""What `wardian dev` does once its options are read: build, run, show, and wait for a change."""

from __future__ import annotations

import contextlib
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wardian.cli import (
    building,
    case_lines,
    config_file,
    json_text,
    options,
    receipts,
    request_input,
    terminal,
    testing,
)
from wardian.cli.diagnostics import report, shown
from wardian.cli.exit_codes import OK
from wardian.cli.interruption import interruptible
from wardian.cli.log_lines import LogPrinter
from wardian.cli.usage import Usage
from wardian.errors import Cancelled, WardianError
from wardian.toolchain import watching
from wardian.toolchain.cases import document
from wardian.toolchain.cases.live import Live
from wardian.toolchain.cases.running import Bench
from wardian.toolchain.project import around

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The command line of `wardian dev`, a field for each of its arguments and options."""

    folder: str = "."
    entry: str | None = None
    input_: str | None = None
    config: str | None = None
    set_: tuple[str, ...] = ()
    symbol: str | None = None
    word: str = ""
    verbose: bool = False


def dev(asked: Asked) -> int:
    """Go on until the person has had enough, and give the exit code.

    Raises:
        Usage: options do not go together, or there is no such folder.
    """
    if asked.entry is None and (asked.input_ or asked.config or asked.set_ or asked.symbol):
        raise Usage("`--input`, `--config`, `--set` and `--symbol` go with `--call`", hint="name the entry point")
    if asked.entry is not None and asked.word:
        raise Usage("`-k` chooses among cases, and `--call` runs none", hint="leave one of them out")
    if not Path(asked.folder).is_dir():
        raise Usage("there is no such folder", where=asked.folder, hint="check the path")
    loop = Loop(asked)
    with contextlib.suppress(KeyboardInterrupt):  # which is how it ends
        interruptible(loop.work, loop.end)
    return OK


@dataclass(slots=True)
class Loop:
    """Builds and runs, on a thread of its own, until it is ended from another."""

    asked: Asked
    ended: threading.Event = field(default_factory=threading.Event)
    live: Live | None = None
    bench: Bench | None = None
    module: Path | None = None

    def work(self) -> None:
        """Go on for ever; what is wrong is said, and may be mended."""
        places = self._places()
        with contextlib.ExitStack() as closing:
            if self.asked.entry is not None:
                config = config_file.read(Path(self.asked.config)) if self.asked.config else {}
                config = options.settings(config, self.asked.set_)
                self.live = closing.enter_context(Live(config, self.asked.symbol, LogPrinter("trace")))
            changed: Sequence[Path] = ()
            while not self.ended.is_set():
                seen = watching.look(places)
                self._once(changed)
                terminal.say(click.style("waiting for a change; Ctrl-C ends it", dim=True))
                changed = watching.changed(seen, watching.wait(places, seen, pause=self._pause))
                terminal.say(click.style(f"\n{_named(changed)} changed", dim=True))

    def end(self) -> None:
        """End it from another thread."""
        self.ended.set()
        for each in (self.live, self.bench):
            if each is not None:
                each.end()

    def _once(self, changed: Sequence[Path]) -> None:
        try:
            stale = self.module is None or any(self._is_source(each) for each in changed)
            if stale and not self._build():
                return
            if self.live is not None:
                self._call(self.live)
            elif self.module is not None:
                self._cases(self.module)
        except Cancelled:
            if not self.ended.is_set():
                raise
        except (WardianError, Usage) as error:
            report(error)

    def _build(self) -> bool:
        given = building.Asked(folder=self.asked.folder, verbose=self.asked.verbose)
        try:
            _, made = building.built(given, small=False)  # which takes longer than all else
            if self.live is not None:
                self.live.swap(made.module)
            self.module = made.module
        except WardianError as error:
            report(error)
            if self.module is not None:
                terminal.say("the former build goes on")
            return False
        return True

    def _call(self, live: Live) -> None:
        entry = self.asked.entry or ""
        value = None
        if self.asked.input_ is not None:
            value = request_input.read_value(f"@{self.asked.input_}", text=False)
        outcome = live.call(entry, value)
        terminal.give(json_text.write(outcome.value, indent=2 if sys.stdout.isatty() else None))
        receipts.print_table(receipts.summary([outcome.receipt], {}))

    def _cases(self, module: Path) -> None:
        file = testing.cases_of(around(Path(self.asked.folder)))
        if file is None:
            terminal.say("there is no cases.yaml to run; `--call ENTRY` calls an entry point")
            return
        with Bench(module) as self.bench:
            cases = document.read(file, self.bench.check)
            results = []
            for case in cases.cases:
                if self.asked.word in case.name:
                    results.append(self.bench.run(cases, case))
                    case_lines.give(results[-1], file, logs=self.asked.verbose)
        terminal.give(case_lines.summary(results))

    def _places(self) -> list[Path]:
        more = [Path(each).resolve() for each in (self.asked.input_, self.asked.config) if each is not None]
        return [*around(Path(self.asked.folder)), *more]

    def _is_source(self, path: Path) -> bool:
        given = self.asked.input_
        return path.name != document.CASES and (given is None or path.resolve() != Path(given).resolve())

    def _pause(self, seconds: float) -> None:
        if self.ended.wait(seconds):
            raise KeyboardInterrupt


def _named(paths: Sequence[Path]) -> str:
    names = ", ".join(shown(each.name) for each in paths[:3])
    return f"{names} and {len(paths) - 3} more" if len(paths) > 3 else names
