"""What `wardian task` does once its options are read: open the project, run the task, print."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wardian.cli import json_text, options, project_file, terminal
from wardian.cli.diagnostics import report
from wardian.cli.exit_codes import OK, exit_code
from wardian.cli.interruption import interruptible
from wardian.cli.task_lines import TaskPrinter
from wardian.cli.using import state_path
from wardian.errors import LimitExceeded, PermissionDenied, TaskFailed
from wardian.project import Project

if TYPE_CHECKING:
    from wardian.tasks.result import TaskResult

_PATIENCE = 10.0  # seconds for jobs that were ended to undo what they left behind


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The command line of `wardian task`, a field for each of its arguments and options."""

    name: str
    file: str | None = None
    vars_: tuple[str, ...] = ()
    set_: tuple[str, ...] = ()
    allow_shell: bool = False
    state: str | None = None
    as_json: bool = False
    quiet: bool = False
    log_level: str = "trace"


def task(asked: Asked) -> int:
    """Carry out one `wardian task`, and give its exit code.

    Raises:
        Usage: the command line is wrong.
        WardianError: whatever the task came to.
        KeyboardInterrupt: the person has had enough, or the process was told to end; all jobs have been ended.
    """
    path = project_file.find(asked.file)
    if asked.file is None and not asked.quiet:
        terminal.say(f"using {project_file.shown(path)}")
    given = options.variables(asked.vars_)
    with Project.open(path, settings=asked.set_, state=state_path(asked.state)) as project:
        try:
            return interruptible(_Run(asked, given, project).work, project.cancel, _PATIENCE)
        except (PermissionDenied, LimitExceeded) as error:
            # Its own hint, and not that of `wardian call`: here the file grants and limits, and no option.
            report(error, hint=error.hint)
            return exit_code(error)


@dataclass(slots=True)
class _Run:
    """One run of the command, on its own thread."""

    asked: Asked
    given: dict[str, object]
    project: Project

    def work(self) -> int:
        asked = self.asked
        say = terminal.say if asked.as_json else terminal.give
        listener = None if asked.quiet else TaskPrinter(say, asked.log_level)
        for warning in () if asked.quiet else self.project.warnings:
            terminal.say(f"warning: {warning}")
        try:
            result = self.project.run_task(
                asked.name, vars=self.given, on_event=listener, allow_shell=asked.allow_shell
            )
        except TaskFailed as error:
            self._tell(error.result)
            raise
        self._tell(result)
        return OK

    def _tell(self, result: TaskResult) -> None:
        if self.asked.as_json:
            terminal.give(json_text.write(result.as_dict(), indent=2 if sys.stdout.isatty() else None))
