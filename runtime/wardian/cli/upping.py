"""What `wardian up` does once its options are read: run an engine, and tell it what the process is told."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from wardian.cli import project_file, terminal
from wardian.cli.diagnostics import report
from wardian.cli.exit_codes import INTERRUPTED, OK, exit_code
from wardian.cli.first_process import attend
from wardian.cli.signals import RELOAD, STOP, Signals
from wardian.cli.up_summary import summary
from wardian.engine.control import Control
from wardian.engine.engine import Engine
from wardian.engine.ground import Ground
from wardian.engine.logs import Logs, levels
from wardian.engine.saying import in_one_line
from wardian.engine.sight import Sight
from wardian.engine.watch import Watch
from wardian.errors import WardianError
from wardian.pipeline.trace_export import tracing_from

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_IDLE: Final = "idle"  # no pipeline runs any more
_OVER: Final = "over"
_PATIENCE: Final = 2.0  # seconds to end at once in good order; then the process is left as it is
_STACK: Final = 8 * 2**20  # of the threads that call guests; as large as a main thread's usually is


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The command line of `wardian up`, a field for each of its arguments and options."""

    file: str | None = None
    set_: tuple[str, ...] = ()
    state: str | None = None
    once: bool = False
    no_watch: bool = False
    metrics: int | None = None
    log_format: str = "text"
    log_level: str = "info"
    quiet: bool = False


def up(asked: Asked) -> int:
    """Carry out one `wardian up`, and give its exit code.

    Raises:
        Usage: the command line is wrong.
        WardianError: nothing could be started.
    """
    path = project_file.find(asked.file)
    attend()
    level = "error" if asked.quiet else asked.log_level
    threading.stack_size(_STACK)
    with (
        Signals() as signals,
        Logs(sys.stderr.fileno(), form=asked.log_format, level=level) as logs,
        _logged(logs),
        tracing_from(os.environ) as tracing,
    ):
        if asked.file is None:
            logs.say("info", f"using {project_file.shown(path)}")
        ground = partial(
            Ground, on_log=logs.plugin, warn=lambda said: logs.say("warn", said), tracing=tracing,
            on_plans=lambda plans: logs.set_levels(levels(plans)),
        )  # fmt: skip
        with Engine(path, ground, settings=asked.set_, state=asked.state, once=asked.once, say=logs.say) as engine:
            for warning in engine.warnings:
                logs.say("warn", warning)
            for name in engine.orphans:
                logs.say("warn", "it has state, and is not in the configuration: see `wardian state`", pipeline=name)
            work = _Work(asked, engine, signals, logs)
            with work.seen(), work.watched():
                return work.run()


class _Work:
    """One run of the command; its methods are for the main thread."""

    def __init__(self, asked: Asked, engine: Engine, signals: Signals, logs: Logs) -> None:
        self._asked, self._engine, self._signals, self._logs = asked, engine, signals, logs
        self._sight = Sight(engine, lambda: logs.dropped)
        self._fault: BaseException | None = None
        self._drained = True

    def run(self) -> int:
        """Start all, and do what is told until it is over; the exit code."""
        self._level()
        self._elsewhere(self._keep)
        stopping = False
        while (told := self._signals.take()) != _OVER:
            if told == _IDLE and not stopping:  # else who stops them knows whether they were drained
                break
            if told == RELOAD and not stopping:
                self._elsewhere(self._reload)
            elif told == STOP and not stopping:
                stopping = True
                self._logs.say("info", "stopping: what is on its way arrives; once more, and it ends at once")
                self._elsewhere(self._stop)
            elif told == STOP:
                self._end()
        if self._fault is not None:
            raise self._fault
        return self._result()

    @contextlib.contextmanager
    def seen(self) -> Iterator[None]:
        """Let others ask what the engine does while the block runs, and tell it."""
        handlers: Mapping[str, Callable[[Mapping[str, Any]], object]] = {
            "status": lambda _: self._sight.status().as_dict(),
            "reload": lambda _: self._reloaded(),
            "stop": lambda _: self._signals.tell(STOP),
        }
        with contextlib.ExitStack() as stack:
            stack.enter_context(Control(self._engine.directory.path, handlers, self._sight.sample))
            if self._asked.metrics is not None:
                from wardian.engine.prometheus import Exporter  # noqa: PLC0415 - for who asks for metrics

                exporter = stack.enter_context(Exporter(self._sight.status, self._asked.metrics))
                self._logs.say("info", f"metrics are at http://127.0.0.1:{exporter.port}/metrics")
            yield

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """Let a change of the files be told while the block runs."""
        if self._asked.no_watch:
            yield
            return
        with Watch(lambda: self._signals.tell(RELOAD)) as self._watch:
            self._watch.follow(self._engine.files)
            yield

    def _keep(self) -> None:
        self._engine.start()
        self._engine.wait()
        self._signals.tell(_IDLE)

    def _stop(self) -> None:
        self._drained = self._engine.stop()
        self._signals.tell(_OVER)

    def _reload(self) -> None:
        with contextlib.suppress(WardianError):  # it has been logged
            self._reloaded()

    def _reloaded(self) -> dict[str, list[str]]:
        try:
            reloaded = self._engine.reload()
        except WardianError as error:
            self._logs.say("error", f"nothing is changed: {in_one_line(error)}")
            raise
        self._level()
        if not self._asked.no_watch:
            self._watch.follow(self._engine.files)
        failed = [f"{change}: {error}" for change, error in reloaded.failed]
        return {"changes": [str(each) for each in reloaded.changes], "failed": failed}

    def _level(self) -> None:
        """Let each member say as much as the configuration has it say; nothing does where only errors are wanted."""
        if not self._asked.quiet:
            self._logs.set_levels(self._engine.levels)

    def _end(self) -> None:
        """End at once; a process that cannot is left as it is, and what was not acknowledged comes again."""
        ending = self._elsewhere(self._engine.close)
        ending.join(_PATIENCE)
        self._logs.close()
        os._exit(INTERRUPTED)

    def _elsewhere(self, work: Callable[[], None]) -> threading.Thread:
        """Do it on a thread of its own, so that the main thread hears what is told meanwhile."""

        def guarded() -> None:
            try:
                work()
            except BaseException as error:  # noqa: BLE001 - raised by the main thread
                self._fault = error
                self._signals.tell(_OVER)

        thread = threading.Thread(target=guarded, name=f"wardian-up-{work.__name__.strip('_')}", daemon=True)
        thread.start()
        return thread

    def _result(self) -> int:
        failures = self._engine.failures
        self._logs.close()  # what was said before the summary is written before it
        last: list[Callable[[], None]] = []
        if not self._asked.quiet:
            last += [partial(terminal.say, line) for line in summary(self._sight.status())]
        last += [partial(report, error, prefix=f"{name}: ") for name, error in failures.items()]
        for say in last:
            if not terminal.heard():  # nobody reads: to end in good order matters more
                break
            say()
        if failures:
            return exit_code(next(iter(failures.values())))
        return OK if self._drained else INTERRUPTED


@contextlib.contextmanager
def _logged(logs: Logs) -> Iterator[None]:
    """Let what this package says through `logging` be written with the other lines while the block runs."""
    logger, handler = logging.getLogger("wardian"), logs.handler()
    former, level = logger.handlers[:], logger.level
    logger.handlers[:] = [handler]
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.handlers[:] = former
        logger.setLevel(level)
