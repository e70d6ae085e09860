"""Cron expressions: whether one is right, and when it comes next; the only place that knows cronsim."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import tzinfo

_FIELDS = 5
_START = datetime(2000, 1, 1, tzinfo=UTC)  # of a century with every kind of year


def wrong(expression: str) -> str:
    """What is wrong with an expression of five fields, as `minute hour day month weekday`; empty where nothing is."""
    from cronsim import CronSim, CronSimError  # noqa: PLC0415 - for those configurations alone that have one

    given = expression.split()
    if len(given) != _FIELDS:
        return f"{len(given)} fields"
    try:
        next(CronSim(expression, _START))
    except CronSimError as error:
        return str(error)[:1].lower() + str(error)[1:]
    except StopIteration:
        return "a moment that never comes"
    return ""


def after(expression: str, moment: float, zone: tzinfo) -> float:
    """The first moment after this one that a right expression names; both in seconds since 1970.

    Where the clocks are changed, what runs at hours of its own runs once on that day, and what runs each so many
    minutes goes on doing so.
    """
    from cronsim import CronSim  # noqa: PLC0415 - as above

    return next(CronSim(expression, datetime.fromtimestamp(moment, zone))).timestamp()
