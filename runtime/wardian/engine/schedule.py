"""When a pipeline runs next: decided here, waited for elsewhere."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self
from zoneinfo import ZoneInfo

from wardian.config import cron

if TYPE_CHECKING:
    from datetime import tzinfo

    from wardian.config.schedule import Schedule

_SET_BACK: Final = 3 * 3600.0  # seconds; more than the hour of a summer time that ends, and a wrong zone beside it
_LOCAL: Final = Path("/etc/localtime")


@dataclass(frozen=True, slots=True)
class Moment:
    """What two clocks said at once, in seconds.

    Attributes:
        wall: since 1970; somebody may set this clock.
        steady: by a clock that nobody sets.
    """

    wall: float
    steady: float

    @classmethod
    def now(cls) -> Self:
        """This one."""
        return cls(time.time(), time.monotonic())


@dataclass(frozen=True, slots=True)
class Due:
    """When the next run begins: by the one clock or the other.

    Attributes:
        planned: when that was decided.
        wall, steady: the moment on that clock, or None.
    """

    planned: Moment
    wall: float | None = None
    steady: float | None = None

    def left(self, now: Moment) -> float:
        """The seconds until then; 0 where it has come, however long ago."""
        if self.wall is not None:
            return max(0.0, self.wall - now.wall)
        return max(0.0, (self.steady or 0.0) - now.steady)

    def stale(self, now: Moment) -> bool:
        """Whether the clock was set back so far since that it has to be decided anew."""
        return self.wall is not None and now.wall < self.planned.wall - _SET_BACK


def next_run(schedule: Schedule | None, began: Moment | None, now: Moment, zone: tzinfo) -> Due | None:
    """When the next run begins, or None where there is none any more.

    A run that took longer than to the next one is followed by that at once; those that were missed are not made up for.
    By an expression of cron, no moment is had twice when the clock is set back by up to three hours.

    Args:
        schedule: None for what runs once, and then all the time.
        began: when the last run did, or None where there was none.
        now: this moment.
        zone: where an expression's hours are those of the clock on the wall.
    """
    if schedule is not None and schedule.cron is not None:
        known = began.wall if began is not None and began.wall - now.wall <= _SET_BACK else now.wall
        return Due(now, wall=cron.after(schedule.cron, max(known, now.wall), zone))
    if began is None:
        return Due(now, steady=now.steady)
    if schedule is not None and schedule.every is not None:
        return Due(now, steady=began.steady + schedule.every)
    return None


def local_zone() -> tzinfo:
    """The zone of this machine, by `$TZ` or its own setting, with the days on which its clocks are changed.

    Where nothing of that can be read, the zone has the hours that it has today.
    """
    named = os.environ.get("TZ", "").removeprefix(":")
    try:
        if named:
            return ZoneInfo(named)
        with _LOCAL.open("rb") as file:
            return ZoneInfo.from_file(file, "local")
    except (OSError, ValueError, KeyError):  # of which the last is a name that is no zone
        return datetime.now().astimezone().tzinfo or UTC
