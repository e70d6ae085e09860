"""`Live`: what the runs of a project share, once there is one: its secrets, its plugins, its jobs."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wardian.bindings import meaning
from wardian.bindings.opened import Opened
from wardian.bindings.prepared import together
from wardian.capabilities.log import to_logging
from wardian.config import secret_reading
from wardian.errors import WardianError
from wardian.plugins.runtime import Runtime
from wardian.tasks.acting import callables
from wardian.tasks.events import Logged
from wardian.tasks.job import RUNNING

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from wardian.bindings.descriptions import Descriptions
    from wardian.capabilities.log import LogLine
    from wardian.config.job import Job
    from wardian.config.project import Project
    from wardian.config.secrets import Secrets
    from wardian.state.contract import StateStore


@dataclass(frozen=True, slots=True)
class Options:
    """How the runtime of a project is made."""

    environ: Mapping[str, str] = field(repr=False)
    state: str | os.PathLike[str] | StateStore | None
    cache: str | os.PathLike[str] | None


@dataclass(frozen=True, slots=True)
class Live:
    """What the runs of a project share: plugins and secrets."""

    runtime: Runtime
    secrets: Secrets
    opened: Opened
    tasks: Mapping[str, Sequence[Job]]
    mixins: Mapping[str, Sequence[Job]]
    vars: Mapping[str, object]
    warnings: tuple[str, ...]

    @classmethod
    def of(cls, config: Project, descriptions: Descriptions, options: Options) -> Live:
        """The secrets read, and a runtime that has loaded nothing yet.

        Raises:
            ConfigError: a secret cannot be read, or the compile cache cannot be used.
            StateError: the state file cannot be used.
        """
        secrets, warnings = secret_reading.read(config, options.environ)
        # A file is made for the state only where somebody may keep some.
        state = options.state if any(plugin.grants.get("state") for plugin in config.plugins.values()) else None
        runtime = Runtime(cache=options.cache, state=state, on_log=secrets.masker.mask_lines(_on_log))
        known = callables(meaning.names(config, descriptions), list(config.tasks))
        opened = Opened(config, secrets, runtime, descriptions, known)
        return cls(
            runtime,
            secrets,
            opened,
            _filled(config.tasks, secrets),
            _filled(config.mixins, secrets),
            {name: secrets.filled(node).plain() for name, node in config.vars.items()},
            tuple(map(str, warnings)),
        )

    def open(self, actions: Iterable[str], warn: Callable[[str], object]) -> None:
        """Open what these names mean, or say all that is wrong; `warn` is told what is unwise."""
        for each in self.warnings:
            warn(each)
        meanings, wrong = [], []
        for name in actions:
            try:
                meanings.append(meaning.action(name, self.opened.project, self.opened.descriptions))
            except WardianError as error:
                wrong.append(error)
        try:
            self.opened.open(meanings, warn)
        except WardianError as error:
            wrong.append(error)
        if wrong:
            raise together("what the task needs cannot be had", wrong)


def _filled(lists: Mapping[str, Sequence[Job]], secrets: Secrets) -> dict[str, tuple[Job, ...]]:
    """The jobs with secrets put in where their parameters and variables ask for them."""
    return {
        name: tuple(
            dataclasses.replace(
                job,
                params=None if job.params is None else secrets.filled(job.params),
                vars={each: secrets.filled(node) for each, node in job.vars.items()},
            )
            for job in jobs
        )
        for name, jobs in lists.items()
    }


def _on_log(line: LogLine) -> None:
    """To whoever listens to the run that the line belongs to; to Python's `logging` when there is none."""
    running = RUNNING.get()
    if running is None:
        to_logging(line)
    else:
        running.run.tell(Logged(line, running.level.depth))
