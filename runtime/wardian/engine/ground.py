"""`Ground`: what the pipelines of an engine run on: one runtime, a log for each, and state by whose it is."""

from __future__ import annotations

import threading
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

from wardian.bindings.opener import Opener
from wardian.capabilities.log import to_logging
from wardian.engine.keeper import Means
from wardian.engine.status import Running
from wardian.errors import StateError
from wardian.pipeline.run import Run
from wardian.pipeline.tracing import UNTRACED
from wardian.plugins.runtime import CACHE, Runtime
from wardian.state.routed import RoutedStore
from wardian.state.sqlite import SqliteStore
from wardian.transport.journal import Journal
from wardian.transport.memory import MemoryLog

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence

    from wardian.capabilities.log import LogLine
    from wardian.config.masker import Masker
    from wardian.engine.configured import Configured
    from wardian.engine.directory import StateDirectory
    from wardian.pipeline.plan import Plan
    from wardian.pipeline.tracing import Tracing
    from wardian.state.contract import Scope, StateStore, Usage
    from wardian.transport.contract import Log
    from wardian.transport.keeper import StateMode

_MASKERS: Final = 4  # configurations whose secrets are masked: what runs may be of an earlier one


class Ground:
    """Opens what pipelines are made of; who made it closes it, after the runs.

    Threads: any number.

    Args:
        directory: where state is kept; its holder has made it.
        cache: the folder of the compile cache, as of `Runtime`.
        on_log: takes each line that a plugin logs, with secrets masked.
        warn: told what plugins find unwise about their configuration.
        on_plans: told the pipelines of each configuration that is taken.
        tracing: traces their records.
    """

    def __init__(
        self,
        directory: StateDirectory,
        *,
        cache: str | os.PathLike[str] | None = CACHE,
        on_log: Callable[[LogLine], None] = to_logging,
        warn: Callable[[str], object] = lambda _: None,
        on_plans: Callable[[Sequence[Plan]], object] = lambda _: None,
        tracing: Tracing = UNTRACED,
    ) -> None:
        self._directory, self._on_log, self._warn = directory, on_log, warn
        self._on_plans, self._tracing = on_plans, tracing
        self._give = on_log  # with secrets masked
        self._maskers: deque[Masker] = deque(maxlen=_MASKERS)
        self._logs: dict[str, Log] = {}
        self._running: dict[str, dict[str, Running]] = {}
        self._shared: SqliteStore | None = None
        self._lock = threading.Lock()
        store = RoutedStore(self._route, self._usages)
        self._runtime = Runtime(cache=cache, state=store, on_log=self._log)

    def take(self, configured: Configured) -> None:
        """Mask the secrets of this configuration from now on, beside those of the former ones."""
        with self._lock:
            if configured.secrets.masker:
                self._maskers.append(configured.secrets.masker)
            give = self._on_log
            for masker in self._maskers:
                give = masker.mask_lines(give)
            self._give = give
        self._on_plans([each.plan for each in configured.makeups.values()])

    def means(self, configured: Configured, name: str) -> Means:
        """How a pipeline of a configuration is had."""
        return Means(
            configured.makeups[name], partial(self._run, configured, name), partial(self._uses, configured, name),
            partial(self._check, configured, name),
        )  # fmt: skip

    def running(self, name: str) -> Mapping[str, Running]:
        """The versions of a pipeline's members that run, or ran last, by their names."""
        return dict(self._running.get(name, {}))

    def close(self) -> None:
        """Close all plugins, and the state that pipelines share."""
        self._runtime.close()
        with self._lock:
            shared, self._shared = self._shared, None
        if shared is not None:
            shared.close()

    def _run(self, configured: Configured, name: str) -> Run:
        plan = configured.makeups[name].plan
        plan.require()
        log = self._opened_log(plan)
        with self._lock:
            self._logs[name] = log
        try:
            uses = self._opener(configured).open(name, plan.members, offset=log.offset)
        except BaseException:
            log.close()
            raise
        self._note(name, uses, fresh=True)
        return Run(plan, log, uses, tracing=self._tracing)

    def _uses(self, configured: Configured, name: str, members: Sequence[str]) -> Mapping[str, Any]:
        plan = configured.makeups[name].plan
        uses = self._opener(configured).open(name, [plan.member(each) for each in members])
        self._note(name, uses)
        return uses

    def _check(self, configured: Configured, name: str) -> None:
        plan = configured.makeups[name].plan
        plan.require()
        # What the host makes may hold a file or a port, which the run has still.
        members = [each for each in plan.members if each.plugin is not None]
        with self._lock:
            log = self._logs.get(name)
        offset = (lambda _: None) if log is None else log.offset
        for use in self._opener(configured).open(name, members, offset=offset).values():
            use.close()

    def _opener(self, configured: Configured) -> Opener:
        return Opener(
            configured.project, configured.secrets, self._runtime, configured.descriptions, warn=self._warn
        )  # fmt: skip

    def _opened_log(self, plan: Plan) -> Log:
        rules = plan.rules
        log = MemoryLog if rules.delivery == "at_most_once" else Journal
        return log(
            path=self._directory.pipeline(plan.name), pipeline=plan.name, sources=[each.name for each in plan.sources],
            queue_count=rules.queue.count, queue_bytes=rules.queue.bytes, state_mode=cast("StateMode", rules.state),
            interval=rules.interval, synchronous="FULL" if rules.sync else "NORMAL",
        )  # fmt: skip

    def _note(self, name: str, uses: Mapping[str, Any], *, fresh: bool = False) -> None:
        made = {each: Running(version=getattr(use, "version", ""), digest=use.digest) for each, use in uses.items()}
        with self._lock:
            self._running[name] = made if fresh else {**self._running.get(name, {}), **made}

    def _route(self, scope: Scope) -> StateStore:
        """By the first part of an instance's name: `PIPELINE/USE` and `PIPELINE/`, or `/` for what all share."""
        name = scope.instance.partition("/")[0]
        with self._lock:
            if name:
                if name not in self._logs:
                    raise StateError(f"the pipeline `{name}` does not run", code="state_closed")
                return self._logs[name].state
            if self._shared is None:
                self._shared = SqliteStore(self._directory.shared)
            return self._shared

    def _usages(self) -> list[Usage]:
        with self._lock:
            stores = [each.state for each in self._logs.values()] + ([self._shared] if self._shared else [])
        return [usage for store in stores for usage in store.scopes()]

    def _log(self, line: LogLine) -> None:
        self._give(line)
