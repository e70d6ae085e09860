"""`Run`: one pipeline that runs: its sources on a thread each, and a worker that takes records to the sinks."""

from __future__ import annotations

import logging
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from wardian.errors import StateError, WardianError
from wardian.pipeline.counters import Counters
from wardian.pipeline.halt import Ended, Halted
from wardian.pipeline.intake import Intake
from wardian.pipeline.outlet import Outlet
from wardian.pipeline.pump import Pump
from wardian.pipeline.stage import Stage
from wardian.pipeline.swap import Swap
from wardian.pipeline.tracing import UNTRACED
from wardian.pipeline.window import Window
from wardian.pipeline.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wardian.pipeline.plan import Plan
    from wardian.pipeline.tracing import Tracing
    from wardian.record import Record
    from wardian.transport.contract import Log

_LOOK: Final = 0.25  # seconds between two looks whether the worker is there still
_GLANCE: Final = 0.01  # seconds between two looks whether sources that were stopped have come to their end
_log: Final = logging.getLogger("wardian.pipeline")
_JOIN: Final = 10.0  # seconds to wait for a thread whose calls are cut; only a host's own sink may take longer
RUNNING: Final = frozenset({"starting", "running", "waiting", "draining"})


class Run:
    """A pipeline from its start to its end.

    Threads: all methods may be called from any; `start` once.

    Args:
        plan: what it consists of.
        log: where its records wait.
        uses: its members, open, by their names; they are closed at its end, and then the log.
        on_end: told once, on a thread of the pipeline, when it runs no more.
        tracing: traces its records.

    Attributes:
        name: the name of the pipeline.
        plan: as given.
        state: `starting`, `running`, `waiting` (a plugin or a store fails), `draining`, and then one of `done` (its
            sources are, and all is delivered), `stopped`, `deactivated`, `failed`.
        why: what it waits for, or an empty text.
        error: why it failed, or the last error of a store; or None.
        counters: what each member has done, by its name.
    """

    def __init__(
        self, plan: Plan, log: Log, uses: Mapping[str, Any], on_end: Callable[[Run], object] = lambda _: None,
        tracing: Tracing = UNTRACED,
    ) -> None:  # fmt: skip
        self.name, self.plan, self.log = plan.name, plan, log
        self.state, self.why = "starting", ""
        self.error: WardianError | None = None
        self.counters: Mapping[str, Counters] = {each.name: Counters() for each in plan.members}
        self._uses, self._on_end, self._tracing = dict(uses), on_end, tracing
        self._intakes: list[Intake] = []
        self._threads: list[threading.Thread] = []
        self._ended, self._over, self._wakeup = threading.Event(), threading.Event(), threading.Event()
        self._stopping = False
        self._give_up = float("inf")  # when it is ended, as of `time.monotonic`, once it is stopped
        self._swaps: list[Swap] = []
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin; once.

        Raises:
            WardianError: the log cannot be read; the state is `failed`, and all is closed.
        """
        try:
            self._build()
        except BaseException as error:
            self._settle("failed", error if isinstance(error, WardianError) else None)
            self._close()
            self._over.set()
            raise
        self.state = "running"
        self._threads = [
            threading.Thread(target=each.run, name=f"wardian-{self.name}-{each.member.name}", daemon=True)
            for each in self._intakes
        ]
        self._threads.append(threading.Thread(target=self._work, name=f"wardian-{self.name}", daemon=True))
        for thread in self._threads:
            thread.start()

    def stop(self, grace: float) -> bool:
        """Stop the sources, deliver what is on its way, flush the sinks and close all; within so many seconds.

        What waits in a log that outlives the process stays there. A second call, from another thread, waits as well.

        Returns:
            Whether that went well; otherwise it was ended, as `end` does.
        """
        give_up = time.monotonic() + grace
        self._give_up = min(give_up, self._give_up)
        if self.state in RUNNING:
            self.state = "draining"
        self._stopping = True
        for intake in self._intakes:
            intake.stop(grace)
        self.log.wake()
        self._wakeup.set()
        well = self._over.wait(max(0.0, give_up - time.monotonic()))
        if not well:
            self.end()
        return well

    def end(self) -> None:
        """End it at once: running calls are cut, and nothing is acknowledged that was not."""
        self._stopping = True
        self._ended.set()
        self._wakeup.set()
        for intake in self._intakes:
            intake.stop(0)
        if not self._threads and not self._over.is_set():  # it was never started
            self._settle("stopped")
            self._close()
            self._over.set()
        give_up = time.monotonic() + _JOIN
        while not self._over.wait(0.01) and time.monotonic() < give_up:
            for use in tuple(self._uses.values()):  # again and again: a call may begin only now
                if hasattr(use, "cancel"):
                    use.cancel()
            self.log.wake()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it runs no more; whether that is so."""
        return self._over.wait(timeout)

    def swap(self, member: str, use: object) -> None:
        """Put another use in the place of a step's or a sink's, between two calls; no record is lost by that.

        That is between two batches, or at once where it waits, for one that fails may never come to an end of a batch.

        The new one belongs to the pipeline from then on, and the old one is closed.

        Args:
            member: the name of the step or sink.
            use: the new one, open, of the same kind.

        Raises:
            KeyError: there is no such step or sink.
            WardianError: `closed`, when the pipeline runs no more; the new one is closed.
        """
        swap = Swap(member, use)
        with self._lock:
            self._swaps.append(swap)
        self._wakeup.set()
        self.log.wake()
        while not swap.done.wait(_LOOK):
            if self._over.is_set():
                break
        if not swap.done.is_set():
            swap.use.close()
            raise WardianError("the pipeline runs no more", code="closed", where=self.name)
        if swap.error is not None:
            raise swap.error

    def push(self, source: str, payload: object, headers: Mapping[str, str] | None = None) -> Record | None:
        """Push something to one of its sources from outside; see `Intake.push`.

        Raises:
            KeyError: it has no such source.
        """
        for intake in self._intakes:
            if intake.member.name == source:
                return intake.push(payload, headers)
        raise KeyError(source)

    def backlog(self) -> tuple[int, int]:
        """How many records, and bytes, wait in its log."""
        return self.log.backlog()

    def pause(self, seconds: float, why: str = "") -> None:
        """Wait on the worker's thread, until a member is swapped at most; raises `Ended` when it is ended meanwhile."""
        if why and self.state == "running":
            self.state, self.why = "waiting", why
        until = time.monotonic() + seconds
        try:
            while not self._ended.is_set() and (left := until - time.monotonic()) > 0:
                if self._stopping and self._pump.durable and until > self._give_up:
                    raise Ended  # it would be ended before it goes on, and comes again
                if self._swaps:  # what failed may be mended by that, and is tried again at once
                    self.between()
                    break
                self._wakeup.wait(left)
                self._wakeup.clear()
            if self._ended.is_set():
                raise Ended
        finally:
            if self.state == "waiting":
                self.state, self.why = "running", ""

    def __repr__(self) -> str:
        return f"<Run {self.name}: {self.state}>"

    def exhausted(self) -> bool:
        """Whether its sources will append no more."""
        return all(each.done.is_set() for each in self._intakes)

    def stopping(self) -> bool:
        """Whether it has to come to an end."""
        return self._stopping

    def between(self) -> None:
        """Exchange what is to be exchanged; on the worker's thread, between two calls."""
        while self._swaps:
            with self._lock:
                swap = self._swaps.pop(0)
            swap.perform(self._worker, self._uses)

    def _build(self) -> None:
        rules, stages = self.plan.rules, dict[str, Any]()
        for member in (*self.plan.steps, *self.plan.sinks):
            kind = Window if member.kind == "aggregator" else Outlet if member.role == "sink" else Stage
            stage = kind(
                member, self._uses[member.name], self.counters[member.name], rules.restart, self, self._tracing
            )
            if isinstance(stage, Window):
                stage.restore(self.log.windows(member.name))
                stage.forget, stage.at_once = self.log.forget, rules.batch.count
            stages[member.name] = stage
        steps, sinks = ([stages[each.name] for each in group] for group in (self.plan.steps, self.plan.sinks))
        self._worker = Worker(self.name, rules, steps, sinks, self)
        self._pump = Pump(rules, self.log, self._worker, self, partial(self._tracing.batch, self.name))
        self._intakes = [
            Intake(
                member, self._uses[member.name], self.counters[member.name], self.log, rules.batch.count,
                rules.restart, self._halt, partial(self._tracing.polled, self.name),
            )
            for member in self.plan.sources
        ]  # fmt: skip

    def _work(self) -> None:
        try:
            self._pump.run()
            by_itself = not self._stopping  # then its sources are done
            while not (self.exhausted() or self._ended.wait(_GLANCE)):
                pass  # what somebody was told is taken goes into the log still
            self._pump.finish(by_itself=by_itself)
            self._settle("done" if by_itself else "stopped")
        except Ended:
            self._settle("stopped")
        except Halted as halted:
            self._settle(halted.state, halted.error)
        except WardianError as error:
            # What is ended at once is cut off in the middle of a call.
            self._settle(*(("stopped", None) if self._ended.is_set() else ("failed", error)))
        except BaseException as error:
            self._settle("failed", WardianError(f"{type(error).__name__}: {error}", code="internal", where=self.name))
            raise
        finally:
            for intake in self._intakes:
                intake.stop(0)
            for thread in self._threads[:-1]:
                thread.join(_JOIN)
            self._close()
            self._over.set()
            self._on_end(self)

    def _halt(self, halted: Halted) -> None:
        """A source can go on no more: the others stop, what is in hand is delivered, and then the pipeline ends so."""
        self._settle(halted.state, halted.error)
        self._stopping = True
        for intake in self._intakes:
            intake.stop(self.plan.rules.grace)
        self.log.wake()

    def _settle(self, state: str, error: WardianError | None = None) -> None:
        if self.state in RUNNING:
            self.state, self.why = state, ""
            self.error = error or (None if state == "done" else self.error)

    def _close(self) -> None:
        uses, self._uses = self._uses, {}
        for name, use in uses.items():
            try:
                use.close()
            except Exception:  # noqa: BLE001 - whatever it is, the others have to be closed too
                _log.exception("%s/%s could not be closed", self.name, name)
        try:
            self.log.close()
        except StateError as error:  # what was not written is not acknowledged, and comes again
            _log.error("%s: the last checkpoint could not be written: %s", self.name, error)
            self.state, self.error = "failed", error
