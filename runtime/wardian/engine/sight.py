"""`Sight`: what an engine does, looked at as one status; with rates, from samples of what was counted."""

from __future__ import annotations

import importlib.metadata
import os
import threading
import time
from typing import TYPE_CHECKING, Protocol

from wardian.engine.look import pipeline_status, totals
from wardian.engine.rates import Rates
from wardian.engine.status import EngineStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from wardian.engine.keeper import Keeper
    from wardian.engine.status import Running


class Seen(Protocol):
    """The engine that is looked at."""

    path: Path
    started_at: float
    reload_error: str

    @property
    def pipelines(self) -> Sequence[Keeper]:
        """Its pipelines."""

    def running(self, name: str) -> Mapping[str, Running]:
        """The versions of a pipeline's members."""


class Sight:
    """Looks at an engine. Threads: any number.

    Args:
        engine: what is looked at.
        dropped: gives how many log lines are gone.
    """

    def __init__(self, engine: Seen, dropped: Callable[[], int] = lambda: 0) -> None:
        self._engine, self._dropped = engine, dropped
        self._rates = Rates()
        self._lock = threading.Lock()
        self._version = importlib.metadata.version("wardian")

    def sample(self) -> None:
        """Remember what was counted by now, for rates; to be called every few seconds."""
        with self._lock:
            self._rates.sample(time.monotonic(), totals(self._engine.pipelines))

    def status(self) -> EngineStatus:
        """What all of them do now."""
        engine = self._engine
        pipelines = engine.pipelines
        with self._lock:
            rates = self._rates.per_second(time.monotonic(), totals(pipelines))
        return EngineStatus(
            version=self._version, pid=os.getpid(), file=str(engine.path), at=time.time(),
            started_at=engine.started_at, reload_error=engine.reload_error, logs_dropped=self._dropped(),
            pipelines=tuple(
                pipeline_status(each, engine.running(each.name), rates, each.next_run) for each in pipelines
            ),
        )  # fmt: skip
