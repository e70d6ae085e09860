"""`tried`: a pipeline run once on given records, with its sinks captured and what each step made kept."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wardian.bindings.descriptions import Descriptions
from wardian.bindings.opener import Opener
from wardian.capabilities.log import to_logging
from wardian.config import loading, secret_reading
from wardian.document.problem import listed, nearest
from wardian.endpoints.kinds import TYPES
from wardian.errors import ConfigError, GuestError
from wardian.pipeline.needed import needed
from wardian.pipeline.plan import plan as planned
from wardian.pipeline.run import Run
from wardian.plugins.runtime import CACHE, Runtime
from wardian.polling import Polled
from wardian.transport.memory import MemoryLog

if TYPE_CHECKING:
    import os
    import threading
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from wardian.capabilities.log import LogLine
    from wardian.errors import WardianError
    from wardian.pipeline.counters import Counters
    from wardian.pipeline.plan import Member, Plan
    from wardian.record import Value
    from wardian.transport.contract import DeadLetter


@dataclass(frozen=True, slots=True)
class Passed:
    """What went through one step, or into one sink.

    Attributes:
        member: which one.
        given: how many records it was given.
        made: the records that came of it; of a sink those that it would have been given.
    """

    member: Member
    given: int
    made: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """What a trial came to.

    Attributes:
        pipeline: the name of the pipeline.
        members: its steps, in their order, and its sinks.
        dead: the records that were given up, each with its error.
        error: why it could not go on, or None.
    """

    pipeline: str
    members: tuple[Passed, ...]
    dead: tuple[DeadLetter, ...]
    error: WardianError | None


def tried(
    path: Path,
    values: Sequence[Value],
    *,
    pipeline: str | None = None,
    settings: Sequence[str] = (),
    environ: Mapping[str, str] | None = None,
    cache: str | os.PathLike[str] | None = CACHE,
    on_log: Callable[[LogLine], None] = to_logging,
    ended: threading.Event | None = None,
) -> Tried:
    """Run the steps of a pipeline on these records, in memory; neither a source nor a sink is opened.

    A record that fails is tried as often as the pipeline says, and at once.

    Args:
        path: the configuration.
        values: the records, as maps.
        pipeline: its name; it may be left out where there is one.
        settings: texts that override the configuration, as of `Engine`.
        environ: variables, likewise; none by default.
        cache: the folder of the compile cache, as of `Runtime`.
        on_log: takes each line that a plugin logs, with secrets masked.
        ended: set by another thread to end it at once.

    Raises:
        ConfigError: the configuration is wrong, or it cannot be told which pipeline is meant.
        WardianError: a step cannot be opened.
    """
    known = dict(environ or {})
    project = loading.load(path, environ=known, settings=settings, types=TYPES).project
    descriptions = Descriptions(project.plugins)
    plan = _chosen(planned(project, descriptions), pipeline)
    plan.require()
    steps = dataclasses.replace(plan, members=plan.steps)
    secrets, _ = secret_reading.read(needed(project, [steps]), known)
    plan = dataclasses.replace(plan, rules=_once(plan))
    log = MemoryLog(
        pipeline=plan.name, sources=(), queue_count=plan.rules.queue.count, queue_bytes=plan.rules.queue.bytes
    )
    with Runtime(cache=cache, state=log.state, on_log=secrets.masker.mask_lines(on_log)) as runtime:
        opened = Opener(project, secrets, runtime, descriptions).open(plan.name, plan.steps)
        taps = {name: _Tap(use) for name, use in opened.items()}
        captured = {each.name: _Captured() for each in plan.sinks}
        first, *others = plan.sources
        sources = {first.name: _Given(values), **{each.name: _Given(()) for each in others}}
        run = Run(plan, log, {**taps, **captured, **sources})
        run.start()
        while not run.wait(0.1):
            if ended is not None and ended.is_set():
                run.end()
        members = [Passed(each, _given(run.counters[each.name]), tuple(taps[each.name].made)) for each in plan.steps]
        members += [Passed(each, len(made := captured[each.name].made), tuple(made)) for each in plan.sinks]
        error = None if run.error is None else secrets.masker.mask_error(run.error)
        return Tried(plan.name, tuple(members), tuple(log.dead), error)


def _given(counters: Counters) -> int:
    return counters.records_in - counters.retried


def _chosen(plans: Sequence[Plan], name: str | None) -> Plan:
    names = [each.name for each in plans]
    if name is None and len(plans) == 1:
        return plans[0]
    if name is None:
        raise ConfigError("which pipeline is meant?", hint=f"there are {listed(names)}")
    for each in plans:
        if each.name == name:
            return each
    raise ConfigError(
        f"no such pipeline `{name}` that is enabled", hint=nearest(name, names) or f"there are {listed(names)}"
    )


def _once(plan: Plan) -> Any:  # noqa: ANN401 - the rules of a pipeline
    rules = plan.rules
    return dataclasses.replace(
        rules, delivery="at_most_once", state="memory", schedule=None,
        on_error=dataclasses.replace(rules.on_error, delay=0.0, then="dead_letter"),
    )  # fmt: skip


class _End:
    """What a source and a sink have in common here."""

    version = digest = ""
    bytes_in = bytes_out = memory = 0
    holds = False
    interval: float | None = None
    stopped = False

    def stop(self) -> None:
        self.stopped = True

    def acknowledge(self, _offset: object) -> None:
        pass

    def flush(self, *, urgent: bool = False) -> None:
        pass

    def close(self) -> None:
        pass


class _Given(_End):
    """A source of given records."""

    def __init__(self, values: Sequence[Value]) -> None:
        self._left = list(values)

    def poll_values(self, demand: int) -> Polled[Value]:
        taken, self._left = self._left[:demand], self._left[demand:]
        return Polled(taken, done=not self._left)


class _Captured(_End):
    """A sink that keeps what it is given."""

    def __init__(self) -> None:
        self.made: list[Value] = []

    def write_values(self, values: Sequence[Value]) -> list[None]:
        self.made += values
        return [None] * len(values)


class _Tap:
    """A step that keeps what came of it."""

    def __init__(self, use: Any) -> None:  # noqa: ANN401 - of a step's kind
        self._use = use
        self.made: list[Value] = []

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - all else is the use's own
        return getattr(self._use, name)

    def process_values(self, values: Sequence[Value]) -> list[list[Value] | GuestError]:
        outcomes: list[list[Value] | GuestError] = self._use.process_values(values)
        for each in outcomes:
            if not isinstance(each, GuestError):
                self.made += each
        return outcomes

    def flush_values(self) -> list[Value]:
        made: list[Value] = self._use.flush_values()
        self.made += made
        return made
