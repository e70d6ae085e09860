"""`Engine`: all pipelines of a `wardian.yaml` in one process, from their start to their end."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, Self

from wardian.capabilities.log import to_logging as log_to_logging
from wardian.engine.changes import Change, Reloaded, changes
from wardian.engine.configured import Configured
from wardian.engine.directory import StateDirectory
from wardian.engine.keeper import Keeper
from wardian.engine.saying import in_one_line, to_logging
from wardian.errors import WardianError
from wardian.plugins.runtime import CACHE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from types import TracebackType

    from wardian.capabilities.log import LogLine
    from wardian.engine.keeper import Means
    from wardian.engine.saying import Say
    from wardian.engine.status import Running

_OPENING: Final = 8  # pipelines that are opened at a time: a compiler refuses who comes when 32 others wait


class Ground(Protocol):
    """What pipelines run on: it opens what they are made of."""

    def means(self, configured: Configured, name: str) -> Means:
        """How a pipeline of a configuration is had."""

    def take(self, configured: Configured) -> None:
        """This is the configuration from now on: its secrets are masked in all that is said, beside the former ones."""

    def running(self, name: str) -> Mapping[str, Running]:
        """The versions of a pipeline's members that run, by their names."""

    def close(self) -> None:
        """Free everything."""


class Engine:
    """Runs the pipelines of one configuration, and holds their state directory; a context manager that ends both.

    Threads: any number may ask and tell.

    Args:
        path: the file.
        ground: makes what pipelines run on, for the directory of their state.
        settings: texts such as `pipelines.words.batch.count=10` that override what the file says.
        environ: variables that override it as well, as `WARDIAN__…`, and that may hold its secrets; by default those
            of the process.
        state: the directory; `.wardian` beside the file by default.
        once: whether each pipeline runs now and once, whatever its schedule says.
        say: told what happens, with its level and the pipeline; by default Python's `logging` is.

    Attributes:
        path: the file.
        directory: the state directory.
        started_at: when it was made, in seconds since 1970.
        reload_error: why the last reload was not taken as a whole, or an empty text.

    Raises:
        ConfigError: the configuration is wrong, or has no pipeline that is enabled.
        StateError: another process runs pipelines with this state, or there can be none there.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        ground: Callable[[StateDirectory], Ground],
        *,
        settings: Sequence[str] = (),
        environ: Mapping[str, str] | None = None,
        state: str | os.PathLike[str] | None = None,
        once: bool = False,
        say: Say | None = None,
    ) -> None:
        self.path = Path(path).expanduser().absolute()
        self.directory = StateDirectory.beside(self.path) if state is None else StateDirectory(Path(state).expanduser())
        self.started_at, self.reload_error = time.time(), ""
        self._settings, self._once, self._say = tuple(settings), once, say or to_logging
        self._environ = dict(os.environ if environ is None else environ)
        self._configured = self._read()
        self._held = self.directory.hold()
        try:
            self._ground = ground(self.directory)
            self._ground.take(self._configured)
        except BaseException:
            self._held.close()
            raise
        self._keepers: dict[str, Keeper] = {}
        self._moved = threading.Condition()  # something of the following has changed
        self._reloading = threading.Lock()
        self._gate = threading.BoundedSemaphore(_OPENING)
        self._busy = self._stopping = self._closed = False

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str] = "wardian.yaml",
        *,
        settings: Sequence[str] = (),
        environ: Mapping[str, str] | None = None,
        state: str | os.PathLike[str] | None = None,
        cache: str | os.PathLike[str] | None = CACHE,
        on_log: Callable[[LogLine], None] | None = None,
        once: bool = False,
    ) -> Self:
        """An engine over the real thing, as `wardian up` has it, without signals, watching, sockets or metrics.

        Args:
            path: as of `Engine`, and so are the others, but for:
            settings: likewise.
            environ: likewise.
            state: likewise.
            cache: the folder of the compile cache, as of `Runtime`.
            on_log: called with each log line of a plugin, as of `Runtime`; secrets are masked in it.
            once: likewise.

        Raises:
            ConfigError, StateError: as `Engine`.
        """
        from wardian.engine.ground import Ground as Real  # noqa: PLC0415 - it has the engine, for who runs something

        def ground(directory: StateDirectory) -> Ground:
            return Real(directory, cache=cache, on_log=on_log or log_to_logging)

        return cls(path, ground, settings=settings, environ=environ, state=state, once=once)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is unwise about the configuration, a line each."""
        return self._configured.warnings

    @property
    def files(self) -> tuple[Path, ...]:
        """The files and folders whose change may change what is to run."""
        return self._configured.files

    @property
    def levels(self) -> dict[tuple[str, str], str]:
        """The least level of log lines of those members for which the configuration has one."""
        plans = [each.plan for each in self._configured.makeups.values()]
        members = [(plan.name, each) for plan in plans for each in plan.members]
        return {(name, each.name): each.use.log_level for name, each in members if each.use.log_level}

    @property
    def pipelines(self) -> tuple[Keeper, ...]:
        """The pipelines, in the order of the configuration; those last that it has no more and that still run."""
        order = {name: at for at, name in enumerate(self._configured.makeups)}
        with self._moved:
            return tuple(sorted(self._keepers.values(), key=lambda each: order.get(each.name, len(order))))

    def running(self, name: str) -> Mapping[str, Running]:
        """The versions of a pipeline's members that run, or ran last, by their names."""
        return self._ground.running(name)

    @property
    def failures(self) -> dict[str, WardianError]:
        """Why pipelines have failed, by their names."""
        return {each.name: each.failure for each in self.pipelines if each.failure is not None}

    @property
    def orphans(self) -> list[str]:
        """The names of pipelines that have state, and are not in the configuration any more."""
        return self.directory.orphans(self._configured.project.pipelines)

    def start(self) -> None:
        """Begin all of them; when this returns each runs, waits for its schedule, or has failed."""
        made = [self._put(self._ground.means(self._configured, name)) for name in self._configured.makeups]
        for each in made:
            each.start()
        for each in made:
            if (error := each.settle()) is not None:
                self._say("error", f"it cannot start: {in_one_line(error)}", pipeline=each.name)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until no pipeline runs, and none will by itself; whether that is so."""
        with self._moved:
            return self._moved.wait_for(self._idle, timeout)

    def reload(self) -> Reloaded:
        """Read the configuration and the plugins again, and change what has changed.

        Steps and sinks are swapped between two batches. Pipelines with another source, other members or other rules
        are drained and begin anew, as are those that have failed. What fails to start is rolled back to what ran.

        Raises:
            ConfigError: the configuration is wrong; everything goes on as it was.
        """
        with self._reloading:
            try:
                configured = self._read()
            except WardianError as error:
                self.reload_error = str(error)
                raise
            with self._moved:
                if self._stopping:
                    return Reloaded((), ())
                self._busy = True
                current = dict(self._keepers)
            try:
                reloaded = self._change(current, configured)
            finally:
                with self._moved:
                    self._busy = False
                    self._moved.notify_all()
            self.reload_error = "\n".join(f"{change}: {error}" for change, error in reloaded.failed)
            return reloaded

    def stop(self, grace: float | None = None) -> bool:
        """Drain all pipelines at once, and let none begin; whether all of them took no longer than they may.

        Args:
            grace: seconds for each; what the configuration says of it by default.
        """
        with self._moved:
            self._stopping = True
            keepers = tuple(self._keepers.values())
        return all(_at_once([lambda each=each: each.stop(grace) for each in keepers]))  # type: ignore[misc]

    def end(self) -> None:
        """End all pipelines now: nothing is drained, and what was not acknowledged comes again."""
        with self._moved:
            self._stopping = True
            keepers = tuple(self._keepers.values())
        for each in keepers:
            each.end()

    def close(self) -> None:
        """End what still runs, and let go of everything; a second time does nothing."""
        with self._moved:
            if self._closed:
                return
            self._closed = True
        self.end()
        self.stop(0.0)
        self._ground.close()
        self._held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read(self) -> Configured:
        return Configured.read(self.path, self._settings, self._environ)

    def _idle(self) -> bool:
        return not self._busy and all(each.over for each in self._keepers.values())

    def _put(self, means: Means) -> Keeper:
        """A keeper in the place of the one that there was, if there was one; it has not begun."""
        with self._moved:
            before = self._keepers.get(means.makeup.plan.name)
            keeper = Keeper(
                means, once=self._once, over=self._over, gate=self._gate,
                counters=None if before is None else before.counters,
            )  # fmt: skip
            self._keepers[keeper.name] = keeper
            if self._stopping:  # meanwhile: it is told before it begins
                keeper.stop(0.0)
        return keeper

    def _over(self, keeper: Keeper) -> None:
        """A pipeline is over; on its own thread."""
        if keeper.ends_all and not self._stopping:
            self._say("error", f"it stops everything: {in_one_line(keeper.error)}", pipeline=keeper.name)
            threading.Thread(target=self.stop, name="wardian-stop", daemon=True).start()
        with self._moved:
            self._moved.notify_all()

    def _change(self, current: Mapping[str, Keeper], configured: Configured) -> Reloaded:
        planned = changes({name: each.means.makeup for name, each in current.items()}, configured.makeups)
        known = {each.pipeline for each in planned}
        again = [
            Change(name, "restart", why=f"it has {each.state}")
            for name, each in current.items()
            if name not in known and each.over and each.state in ("failed", "deactivated")
        ]
        self._ground.take(configured)
        self._configured = configured
        done: list[Change] = []
        failed: list[tuple[Change, WardianError]] = []
        for change in (*planned, *again):
            try:
                self._apply(change, configured)
                done.append(change)
                self._say("info", f"{change.what}{f': {change.why}' if change.why else ''}", pipeline=change.pipeline)
            except WardianError as error:
                failed.append((change, error))
                told = f"cannot {change.what}, and goes on as before: {in_one_line(error)}"
                self._say("error", told, pipeline=change.pipeline)
        return Reloaded(tuple(done), tuple(failed))

    def _apply(self, change: Change, configured: Configured) -> None:
        name = change.pipeline
        old = self._keepers.get(name)
        if change.what == "stop" and old is not None:
            old.stop()
            with self._moved:
                del self._keepers[name]
        elif change.what == "swap" and old is not None and not old.over:
            old.swap(self._ground.means(configured, name), change.members)
        else:
            self._begin(old, self._ground.means(configured, name))

    def _begin(self, old: Keeper | None, means: Means) -> None:
        """Start a pipeline in the place of an old one, or have the old one again."""
        worked = old is not None and old.failure is None
        if old is not None and worked:
            means.check()  # before it stops: what it was loaded from may be there no more
        if old is not None:
            old.stop()
        new = self._put(means)
        new.start()
        error = new.settle()
        if error is None:
            return
        if old is not None and worked:
            new.wait()
            self._put(old.means).start()
        raise error


def _at_once(work: Iterable[Callable[[], bool]]) -> list[bool]:
    """Do all of this at a time, and give the results."""
    results: list[bool] = []
    threads = [threading.Thread(target=lambda each=each: results.append(each()), daemon=True) for each in work]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return results
