"""When a source is polled again, and the clock that it goes by."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final, Protocol

from wardian.quantity import parse_duration

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping

IDLE: Final = 1.0  # seconds after a poll that gave nothing, where nobody said how often
_LEAST: Final = 0.01  # seconds after a poll that gave nothing, whatever was said: a source must not spin


class Clock(Protocol):
    """What a source goes by; tests move one by hand."""

    def now_ns(self) -> int:
        """The time: nanoseconds since 1970."""

    def wait(self, seconds: float, stopped: threading.Event) -> None:
        """Wait for so long, or until the event is set."""


class SystemClock:
    """The clock of the machine."""

    def now_ns(self) -> int:
        """The time: nanoseconds since 1970."""
        return time.time_ns()

    def wait(self, seconds: float, stopped: threading.Event) -> None:
        """Wait for so long, or until the event is set."""
        stopped.wait(seconds)


def configured_interval(config: Mapping[str, Any]) -> float | None:
    """The seconds between two polls that a configuration asks for, or None.

    It is `interval_ms`, a whole number of milliseconds, or `interval`, a text such as `1m30s`. An `interval` that is
    a number has no unit that all would understand alike, and is left to the plugin.
    """
    given = config.get("interval_ms")
    if isinstance(given, int) and not isinstance(given, bool) and given > 0:
        return given / 1000
    text = config.get("interval")
    try:
        seconds = parse_duration(text) if isinstance(text, str) else 0.0
    except ValueError:
        return None
    return seconds if seconds > 0 else None


def pause(wait_ms: int | None, interval: float | None, since: float, *, empty: bool) -> float:
    """The seconds to wait before the next poll.

    Args:
        wait_ms: what the guest asked for in its reply, or None; it counts from now.
        interval: the seconds from one poll to the next, or None.
        since: the seconds since the last poll began.
        empty: whether the last poll gave nothing.
    """
    if wait_ms is not None:
        wanted = wait_ms / 1000
    elif interval is not None:
        wanted = max(0.0, interval - since)
    else:
        wanted = IDLE if empty else 0.0
    return max(wanted, _LEAST) if empty else wanted
