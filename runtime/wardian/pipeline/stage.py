"""`Stage`: a step or a sink at work: its calls are isolated, counted, and slowed down while its plugin fails."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Protocol

from wardian.errors import GuestError, WardianError
from wardian.pipeline.halt import Halted
from wardian.pipeline.health import Health
from wardian.pipeline.isolation import isolated
from wardian.pipeline.retry import hopeless
from wardian.pipeline.tracing import UNTRACED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from wardian.config.failing import Restart
    from wardian.pipeline.counters import Counters
    from wardian.pipeline.plan import Member
    from wardian.pipeline.tracing import Tracing
    from wardian.record import Value

    Outcome = list[Value] | WardianError | None
    Work = Callable[[Sequence[Value]], list[Any]]


class Pauses(Protocol):
    """Waits, and is ended when the pipeline is."""

    def pause(self, seconds: float, why: str = "") -> None:
        """Wait for so long; raises `Ended` when the pipeline has to end meanwhile. `why` is shown as its state."""


class Stage:
    """A processor, a function or a sink of a running pipeline.

    One thread uses it; another one may end its calls by `cancel`.

    Attributes:
        member: what it is of the plan.
        use: the open use; `put` replaces it between two calls.
        counters: what it has done.
    """

    def __init__(
        self, member: Member, use: Any, counters: Counters, rules: Restart, pauses: Pauses,  # noqa: ANN401 - a use of any kind
        tracing: Tracing = UNTRACED,
    ) -> None:  # fmt: skip
        self.member, self.counters = member, counters
        self.use, self._work = use, work_of(member.kind, use)
        self._tracing, self._took = tracing, 0.0  # seconds of the last call
        self._rules, self._health, self._pauses, self._policy = rules, Health(rules), pauses, rules.policy

    def put(self, use: Any) -> None:  # noqa: ANN401 - as above
        """Go on with another use, whose failures are its own; the caller closes the old one."""
        self.use, self._work, self._health = use, work_of(self.member.kind, use), Health(self._rules)

    def attempt(self, values: Sequence[Value]) -> list[Outcome]:
        """One outcome for each record, in their order: what came of it (None of a sink), or why it failed.

        Raises:
            Halted: no record can be taken any more, or the policy for a plugin that fails says so.
            Ended: the pipeline has to end.
            StateError: the store fails; nothing was done, and the same may be tried again.
        """
        with self.traced(len(values)):
            return self._attempted(values)

    def _attempted(self, values: Sequence[Value]) -> list[Outcome]:
        made: list[Outcome] = isolated(self._call, values, self._failed)
        counters, taken = self.counters, 0
        for outcome in made:
            if not isinstance(outcome, WardianError):
                taken += 1 if outcome is None else len(outcome)
            else:
                counters.failed += 1
                counters.note(outcome)
                self._tracing.failed(outcome)
                if hopeless(outcome):
                    raise Halted("failed", outcome)
        counters.records_in += len(values)
        counters.records_out += taken
        return made

    def traced(self, records: int) -> AbstractContextManager[object]:
        """While it takes so many records."""
        member = self.member
        return self._tracing.member(member.name, member.role, member.plugin or member.type or "", records)

    def once(self, call: Callable[[], object]) -> None:
        """Make a call that has nothing to do with single records, such as a flush, counted in the same way.

        Raises:
            WardianError: as the call does.
        """
        began = time.perf_counter()
        try:
            call()
        finally:
            self._counted(began)

    def _call(self, values: Sequence[Value]) -> list[Outcome]:
        began = time.perf_counter()
        try:
            made: list[Outcome] = self._work(values)
        except WardianError as error:
            if not isinstance(error, GuestError):
                self.counters.restarts += 1
            raise
        except TypeError as error:  # it holds what cannot be encoded, such as a number of more than 64 bits
            raise GuestError("invalid", str(error), guest_code="not_encodable", where=self.member.name) from error
        except BrokenPipeError as error:
            raise Halted("failed", _unread(self.member.name, error)) from error
        finally:
            self._counted(began)
        self._health.succeeded(time.monotonic())
        return made

    def _counted(self, began: float) -> None:
        counters, use = self.counters, self.use
        counters.calls += 1
        self._took = time.perf_counter() - began
        counters.latency.observe(self._took)
        counters.bytes_in, counters.bytes_out = use.bytes_in, use.bytes_out
        counters.memory = use.memory

    def broke(self, error: WardianError) -> None:
        """Slow down after a call that had nothing to do with single records, and on which the plugin broke.

        Raises:
            Halted, Ended: as `attempt`.
        """
        self.counters.restarts += 1
        self._failed(error)

    def _failed(self, error: WardianError) -> None:
        """Slow down after a record on which the plugin broke, for it may be all of them."""
        if isinstance(error, GuestError):
            return
        if hopeless(error):
            self.counters.note(error)
            raise Halted("failed", error)
        wait = self._health.failed(time.monotonic(), self._took)
        if wait is None:
            self.counters.note(error)
            raise Halted("deactivated" if self._policy == "deactivate" else "stopped", error)
        if wait:
            self._pauses.pause(wait, f"{self.member.name} fails")


def _unread(name: str, error: BrokenPipeError) -> WardianError:
    made = WardianError("nobody reads what is written any more", code="closed", where=name)
    made.__cause__ = error
    return made


def work_of(kind: str, use: Any) -> Work:  # noqa: ANN401 - as above
    """What a use of this kind does with records."""
    if kind == "sink":
        return use.write_values  # type: ignore[no-any-return]
    if kind == "aggregator":
        return use.add_values  # type: ignore[no-any-return] # a window sees to what comes of it
    return use.process_values  # type: ignore[no-any-return]
