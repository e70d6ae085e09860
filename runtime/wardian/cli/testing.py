"""What `wardian test` does once its options are read: build, run the cases, check the promises, say what came of it."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from wardian.cli import building, case_lines, check_report, checking, json_text, terminal
from wardian.cli.exit_codes import OK, exit_code
from wardian.cli.interruption import interruptible
from wardian.cli.usage import Usage
from wardian.conformance import check as kit
from wardian.conformance.laboratory import Laboratory
from wardian.errors import GuestError
from wardian.toolchain.cases import document
from wardian.toolchain.cases.document import CASES, plain
from wardian.toolchain.cases.running import Bench
from wardian.toolchain.project import around

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wardian.conformance.report import Report
    from wardian.toolchain.cases.document import Document
    from wardian.toolchain.cases.running import Result

_SECONDS: Final = 60.0  # for the promises: more than `wardian check` gives, and nobody waits for it but a busy machine
_CALLS: Final = 2_000  # to see whether memory grows; `wardian check` makes more, for who has the time


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The command line of `wardian test`, a field for each of its arguments and options."""

    place: str = "."
    cases: str | None = None
    word: str = ""
    no_promises: bool = False
    verbose: bool = False
    as_json: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """What is tested: a module, and its cases where there are any."""

    module: Path
    cases: Path | None


def test(asked: Asked) -> int:
    """Build and test, and give the exit code.

    Raises:
        Usage: the command line is wrong.
        ConfigError: the cases are wrong, or there is no project here.
        BuildError: it cannot be built.
        PackageError: it is no plugin.
        KeyboardInterrupt: the person has had enough.
    """
    subject = found(asked)
    if subject.cases is None and (asked.word or asked.no_promises):
        raise Usage(f"there is no {CASES} here", where=asked.place, hint="write one, or name it with `--cases FILE`")
    run = Run(subject, asked)
    code = interruptible(run.work, run.end)
    if asked.as_json:
        terminal.give(json_text.write(run.as_json(), indent=2 if sys.stdout.isatty() else None))
    return code


def found(asked: Asked) -> Subject:
    """What is to be tested; a folder is built first.

    Raises:
        Usage: what was named is not there.
        WardianError: as `test`.
    """
    place = Path(asked.place)
    if place.is_dir():
        given = building.Asked(folder=asked.place, verbose=asked.verbose)
        _, made = building.built(given)
        module, near = made.module, around(place)
    elif place.is_file():
        module, near = place, (place.resolve().parent, place.resolve().parent.parent)
    else:
        raise Usage("there is no such folder or module", where=asked.place, hint="check the path")
    return Subject(module, cases_of(near) if asked.cases is None else Path(asked.cases))


def cases_of(folders: Sequence[Path]) -> Path | None:
    """The cases in the first of these folders that has some."""
    return next((each / CASES for each in folders if (each / CASES).is_file()), None)


@dataclass(slots=True)
class Run:
    """One run of the command, on its own thread."""

    subject: Subject
    asked: Asked
    results: list[Result] = field(default_factory=list)
    report: Report | None = None
    ended: bool = False
    bench: Bench | None = None
    lab: Laboratory | None = None

    def work(self) -> int:
        """Run the cases, then check the promises; say each as it comes."""
        config: dict[str, Any] = {}
        if self.subject.cases is not None:
            with Bench(self.subject.module) as self.bench:
                cases = document.read(self.subject.cases, self.bench.check)
                config = plain(cases.config) or {}
                self._cases(cases, self.bench)
        if not (self.asked.word or self.asked.no_promises):
            self._promises(config)
        return self.code()

    def end(self) -> None:
        """End the run from another thread."""
        self.ended = True
        if self.bench is not None:
            self.bench.end()
        if self.lab is not None:
            self.lab.stop()

    def code(self) -> int:
        """The exit code."""
        if not all(each.passed for each in self.results):
            return exit_code(GuestError("", ""))
        return OK if self.report is None else checking.code(self.report)

    def as_json(self) -> dict[str, Any]:
        """What came of it as plain data; its keys stay the same between releases."""
        return {
            "module": str(self.subject.module),
            "passed": self.code() == OK,
            "cases": [case_lines.as_json(each) for each in self.results],
            "promises": None if self.report is None else self.report.to_json(),
        }

    def _cases(self, cases: Document, bench: Bench) -> None:
        chosen = [each for each in cases.cases if self.asked.word in each.name]
        if not chosen:
            raise Usage(f"no case has `{self.asked.word}` in its name", where="-k", hint=f"see {self.subject.cases}")
        for case in chosen:
            result = bench.run(cases, case)
            self.results.append(result)
            if not self.asked.as_json:
                case_lines.give(result, self.subject.cases, logs=self.asked.verbose)
        if not self.asked.as_json:
            terminal.give(case_lines.summary(self.results))

    def _promises(self, config: dict[str, Any]) -> None:
        if self.ended:
            raise KeyboardInterrupt
        with Laboratory() as self.lab:
            wanted = kit.Asked(
                source=self.subject.module, config=config, smallest=False, seconds=_SECONDS, calls=_CALLS
            )
            self.report = kit.check(wanted, self.lab)
        if not self.asked.as_json:
            for line in check_report.broken(self.report):
                terminal.give(line)
            terminal.give(f"promises of its kind: {check_report.summary(self.report)}")
