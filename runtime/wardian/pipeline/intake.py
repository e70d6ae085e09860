"""`Intake`: a source of a running pipeline: polled while there is room, appended to the log, then acknowledged."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, Final

from wardian.abi.bounds import Bounds, CodecError
from wardian.abi.codec import encode
from wardian.errors import Cancelled, GuestError, StateError, WardianError
from wardian.pipeline.halt import Ended, Halted
from wardian.pipeline.health import Health
from wardian.pipeline.retry import hopeless
from wardian.timing import pause

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from wardian.config.failing import Restart
    from wardian.pipeline.counters import Counters
    from wardian.pipeline.plan import Member
    from wardian.polling import Polled
    from wardian.record import Record, Value
    from wardian.transport.contract import Log

    Traced = Callable[[str, Sequence[Value], int], None]

_LOOK: Final = 0.25  # seconds between two looks whether a full log has room again


class Intake:
    """One source, polled on a thread of its own.

    Threads: `run` is that thread's; `stop`, `end` and `push` may be called from any.

    Attributes:
        member: what it is of the plan.
        use: the open source.
        counters: what it has done.
        done: set once it will append no more.
        stopped: whether it was told to stop; a source that is done by itself was not.
    """

    def __init__(
        self, member: Member, use: Any, counters: Counters, log: Log, batch: int, rules: Restart,  # noqa: ANN401 - a plugin's source, or the host's
        halt: Callable[[Halted], object], traced: Traced,
    ) -> None:  # fmt: skip
        self.member, self.use, self.counters = member, use, counters
        self.done, self.stopped = threading.Event(), False
        self._log, self._batch, self._halt, self._traced = log, batch, halt, traced
        self._health, self._policy = Health(rules), rules.policy
        self._appending = threading.Lock()
        self._wakeup = threading.Event()
        self._patience: float | None = None  # until when, as of `time.monotonic`, a stopped one tries to append

    def run(self) -> None:
        """Poll until the source is done, or `stop` is called."""
        try:
            while not self.stopped or self._drains():
                if not self._log.room():
                    self._log.wait_for_room(_LOOK)
                    continue
                began, began_ns = time.perf_counter(), time.time_ns()
                polled = self._polled(began)
                if polled is None:
                    continue
                # What a guest says is plain within its bounds; steps rely on that.
                records = polled.records if self.member.plugin else self._encodable(polled.records)
                self._traced(self.member.name, records, began_ns)
                if records or polled.offset is not None:
                    self._append(records, polled.offset)
                if polled.done:
                    return
                empty = not polled.records
                since = time.perf_counter() - began
                self._wakeup.wait(pause(polled.wait_ms, self.use.interval, since, empty=empty))
        except Ended:
            return
        except Halted as halted:
            self._halt(halted)
        finally:
            self.done.set()
            self._log.wake()

    def stop(self, patience: float) -> None:
        """Ask it for no more; what it gave is appended, for which it has so many seconds."""
        self.stopped = True
        self._patience = time.monotonic() + patience
        self._wakeup.set()
        self.use.stop()

    def push(self, payload: object, headers: Mapping[str, str] | None = None) -> Record | None:
        """Push something to the source from outside; what came of it is in the log when this returns.

        Raises:
            GuestError: `unimplemented`, when the source cannot be asked.
            StateError: it could not be kept.
            WardianError: as `Source.request`.
        """
        began_ns = time.time_ns()
        record: Record | None = self.use.request(payload, headers)
        if record is not None:
            values = [record.to_value()]
            self._traced(self.member.name, values, began_ns)
            with self._appending:
                self._log.append(self.member.name, values)
            self.counters.records_out += 1
        return record

    def _drains(self) -> bool:
        """Whether a source that is stopped has records still that somebody was told are taken."""
        return self.use.drains and self._patience is not None and time.monotonic() < self._patience

    def _polled(self, began: float) -> Polled[Value] | None:
        """What a poll gave; None after one that failed, once it has waited."""
        counters = self.counters
        try:
            polled: Polled[Value] = self.use.poll_values(min(self._batch, max(1, self._log.room())))
        except WardianError as error:
            if (self.stopped and not self._drains()) or (isinstance(error, Cancelled) and self.use.stopped):
                raise Ended from error
            counters.note(error)
            counters.failed += 1
            self._wait(error, time.perf_counter() - began)
            return None
        finally:
            counters.calls += 1
            counters.latency.observe(time.perf_counter() - began)
            counters.bytes_in, counters.bytes_out = self.use.bytes_in, self.use.bytes_out
            counters.memory = self.use.memory
        self._health.succeeded(time.monotonic())
        return polled

    def _wait(self, error: WardianError, took: float) -> None:
        """Wait before the next poll, ever longer; a source loses nothing by that."""
        if hopeless(error) or (isinstance(error, GuestError) and error.kind == "unimplemented"):
            raise Halted("failed", error)
        if not isinstance(error, GuestError):
            self.counters.restarts += 1
        wait = self._health.failed(time.monotonic(), took)
        if wait is None:
            raise Halted("deactivated" if self._policy == "deactivate" else "stopped", error)
        asked = error.retry_after_ms if isinstance(error, GuestError) else None
        least = 0.1 if isinstance(error, GuestError) else 0.0  # one that only answers so must not spin
        self._wakeup.wait(max(wait, least, (asked or 0) / 1000))

    def _append(self, values: Sequence[Value], offset: object) -> None:
        """Keep what a poll gave, and only then acknowledge it; while the store fails, it waits and tries again."""
        delay = 0.05
        while True:
            try:
                with self._appending:
                    self._log.append(self.member.name, values, offset)
            except StateError as error:
                self.counters.note(error)
                if error.code not in PASSING:
                    raise Halted("failed", error) from error
                if self._patience is not None and time.monotonic() >= self._patience:
                    raise Ended from error  # it is not acknowledged, and comes again
                time.sleep(delay)
                delay = min(delay * 2, 2.0)
            else:
                break
        self.counters.records_out += len(values)
        if offset is not None:
            self.use.acknowledge(offset)

    def _encodable(self, values: Sequence[Value]) -> list[Value]:
        """Those that guests can be given; a number of more than 64 bits, say, can be neither that nor a dead letter."""
        kept = []
        for value in values:
            try:
                encode(value, _BOUNDS)
            except (TypeError, CodecError) as error:
                self.counters.dropped += 1
                self.counters.note(error)
            else:
                kept.append(value)
        return kept


_BOUNDS: Final = Bounds(size=2**31, items=2**31, depth=62)  # two levels are of the list that holds it
PASSING: Final = frozenset({"state_full", "state_locked"})  # faults of a store that pass, or that a person mends
