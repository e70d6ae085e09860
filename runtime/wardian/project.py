"""`Project`: a `wardian.yaml` with what it stands for: its plugins, its tasks."""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from wardian.bindings.descriptions import Descriptions
from wardian.config import loading
from wardian.endpoints.kinds import TYPES
from wardian.errors import ConfigError, WardianError
from wardian.plugins.runtime import CACHE
from wardian.tasks import listing
from wardian.tasks.acting import Acting
from wardian.tasks.cancellation import Cancellation
from wardian.tasks.events import Warned
from wardian.tasks.live import Live, Options
from wardian.tasks.plan import plan
from wardian.tasks.run import Level, Run
from wardian.tasks.scope import Frame

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

    from wardian.state.contract import StateStore
    from wardian.tasks.events import Event
    from wardian.tasks.result import TaskResult

_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")


class Project:
    """A configuration whose tasks can be run, from `Project.open`; a context manager that closes it.

    Nothing is loaded before something is run that needs it, and then only what it needs.

    Threads: all methods may be called from any number of threads.

    Attributes:
        path: the file.
        warnings: what is unwise about the file, a line each.
    """

    def __init__(self, loaded: loading.Loaded, path: Path, runtime: Options) -> None:
        self.path = path
        self.warnings = tuple(map(str, loaded.warnings))
        self._config, self._descriptions, self._options = loaded.project, Descriptions(loaded.project.plugins), runtime
        self._lock = threading.Lock()
        self._live: Live | None = None
        self._running: set[Cancellation] = set()
        self._closed = False

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str] = "wardian.yaml",
        *,
        settings: Sequence[str] = (),
        environ: Mapping[str, str] | None = None,
        state: str | os.PathLike[str] | StateStore | None = None,
        cache: str | os.PathLike[str] | None = CACHE,
    ) -> Self:
        """Read a configuration; no plugin is loaded and no secret read.

        Args:
            path: the file.
            settings: texts such as `actions.greet.config.greeting=Hi` that override what it says.
            environ: variables that may override it as well, as `WARDIAN__…`, and that may hold its secrets; by default
                those of the process.
            state: where plugins keep their state, as of `Runtime`; memory by default.
            cache: the folder of the compile cache, as of `Runtime`.

        Raises:
            ConfigError: the file cannot be read, or is wrong; `problems` has every fault with its line.
        """
        known = dict(os.environ if environ is None else environ)
        file = Path(path).expanduser()
        file = file.parent.resolve() / file.name
        return cls(
            loading.load(file, environ=known, settings=settings, types=TYPES), file, Options(known, state, cache)
        )

    def tasks(self) -> tuple[listing.TaskInfo, ...]:
        """Its tasks, each with what keeps it from being run; no plugin is loaded for that."""
        return listing.tasks(self._config, self._descriptions)

    def plugins(self) -> tuple[listing.PluginInfo, ...]:
        """Its plugins, each with whether anything needs it; a plugin that nothing needs is never loaded."""
        return listing.plugins(self._config, self._descriptions)

    def run_task(
        self,
        name: str,
        *,
        vars: Mapping[str, object] | None = None,  # noqa: A002 - as the file has it
        on_event: Callable[[Event], object] | None = None,
        allow_shell: bool = False,
    ) -> TaskResult:
        """Run a task to its end, and say what became of each job.

        Args:
            name: its name.
            vars: variables that win over all others; plain data, which is not expanded.
            on_event: told what happens while it does, one event at a time, on the threads of the jobs; what it raises
                ends the run and is raised.
            allow_shell: whether `{% … %}` in the file runs commands.

        Raises:
            TaskFailed: a job failed; its error is the cause, and `result` says what became of the others.
            Cancelled: `cancel` or `close` was called meanwhile.
            ConfigError: there is no such task, or the configuration of what it needs is wrong; nothing has been run.
            WardianError: what it needs cannot be loaded; nothing has been run.
        """
        given = dict(vars or {})
        _check_names(given)
        planned = plan(name, self._config.tasks, self._config.mixins)
        cancellation = Cancellation()
        with self._lock:
            self._require_open()
            self._running.add(cancellation)
        try:
            live = self._ready()
            tell = _one_at_a_time(on_event)
            live.open(planned.actions, lambda said: tell(Warned(said, "")))
            run = Run(
                live.tasks, live.mixins, Acting(live.opened), tell, self.path.parent,
                allow_shell=allow_shell, mask=live.secrets.masker.mask_error,
            )  # fmt: skip
            frame = Frame(given=given, file=live.vars, predefined={"PROJECT": str(self.path.parent)})
            result, error = run.task(name, Level(frame, cancellation))
        finally:
            self._running.discard(cancellation)
        if error is not None:
            raise error
        return result

    def cancel(self) -> int:
        """End all running tasks, from any thread; how many there were."""
        running = tuple(self._running)
        for each in running:
            each.cancel()
        return len(running)

    def close(self) -> None:
        """End all running tasks and free all plugins; a second time does nothing."""
        with self._lock:
            self._closed = True
            live, self._live = self._live, None
        self.cancel()
        if live is not None:
            live.runtime.close()

    @property
    def closed(self) -> bool:
        """Whether nothing can be run any more."""
        return self._closed

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Project {self.path}{': closed' if self._closed else ''}>"

    def _require_open(self) -> None:
        if self._closed:
            raise WardianError("this project is closed", code="closed", hint="open it again")

    def _ready(self) -> Live:
        """What runs share; made with the first of them, once the secrets are read."""
        with self._lock:
            self._require_open()
            if self._live is None:
                self._live = Live.of(self._config, self._descriptions, self._options)
            return self._live


def _one_at_a_time(listener: Callable[[Event], object] | None) -> Callable[[Event], object]:
    lock = threading.RLock()

    def tell(event: Event) -> None:
        if listener is not None:
            with lock:
                listener(event)

    return tell


def _check_names(given: Mapping[str, object]) -> None:
    wrong = [name for name in given if not (isinstance(name, str) and _VARIABLE.fullmatch(name))]
    if wrong:
        raise ConfigError(
            "these variables are wrong",
            problems=[
                f"{name!r:.80}: a name has at most 64 letters, digits, `_` and `-`, and begins with a letter or `_`"
                for name in wrong
            ],
        )
