"""`Timer`: a source that gives a record each time an interval has passed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wardian.document.shapes import Duration, Flag, Whole
from wardian.document.structs import Struct, key
from wardian.endpoints.source import Source
from wardian.errors import ConfigError
from wardian.polling import Polled
from wardian.record import Record

if TYPE_CHECKING:
    from wardian.document.node import Node
    from wardian.document.problem import Problems
    from wardian.timing import Clock

_LEAST: Final = 0.01  # seconds: a source must not spin


@dataclass(frozen=True, kw_only=True)
class TimerSource:
    """The configuration of a timer."""

    interval: float = key(Duration(), "The time from one record to the next.")
    count: int | None = key(Whole(1, 2**63 - 1), "How many records it gives; without it, it never ends.", default=None)
    align: bool = key(Flag(), "Whether they come at whole multiples of the interval since 1970, such as at the full "
        "minute in UTC.", default=False)  # fmt: skip


def _check(timer: TimerSource, node: Node, path: str, problems: Problems) -> None:
    if timer.interval < _LEAST:
        problems.note(node.at(["interval"]), f"{path}.interval", "an interval of 10 ms at least")


SHAPE: Final = Struct(TimerSource, "A record each time an interval has passed.", check=_check)


class Timer(Source):
    """Gives `{"now": …, "count": …}`: the time in nanoseconds since 1970, and the number of the record, from 1.

    It does not drift: record n is due n intervals after the first poll, whenever the ones before it were asked for.
    What was not asked for in time is not made up for: one record stands for all that were missed.
    """

    name = "timer"

    def __init__(self, config: TimerSource, resume: object = None, clock: Clock | None = None) -> None:
        super().__init__(resume, clock)
        self._every = round(config.interval * 1e9)
        self._most, self._align = config.count, config.align
        self._count = _counted(resume)
        self._due: int | None = None

    def _polled(self, demand: int) -> Polled[Record]:
        del demand
        now = self._clock.now_ns()
        if self._ended():
            return Polled(done=True)
        due = self._due
        if due is None or due - now > self._every:  # the first poll, or a clock that was put back
            due = self._due = self._after(now)
        if now < due:
            return Polled(wait_ms=_ms(due - now))
        self._count += 1
        record = Record({"now": now, "count": self._count}, type="event", time=due)
        self._due = due = due + ((now - due) // self._every + 1) * self._every
        return Polled([record], _ms(due - now), {"count": self._count}, done=self._ended())

    def _after(self, now: int) -> int:
        return (now // self._every + 1) * self._every if self._align else now + self._every

    def _ended(self) -> bool:
        return self._most is not None and self._count >= self._most


def _ms(nanoseconds: int) -> int:
    return -(-nanoseconds // 1_000_000)


def _counted(resume: object) -> int:
    if resume is None:
        return 0
    count = resume.get("count") if isinstance(resume, dict) else None
    if not isinstance(count, int) or isinstance(count, bool) or count < 0:
        raise ConfigError("the offset is none of a timer", where="timer", hint="resume from what `offset` gave")
    return count
