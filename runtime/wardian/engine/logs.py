"""`Logs`: lines of plugins and of the engine, written by a thread of its own, so that nobody waits for a reader."""

from __future__ import annotations

import contextlib
import logging
import os
import select
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Final, Self

from wardian.capabilities.log import LEVELS
from wardian.engine.log_form import Entry, as_json, as_text
from wardian.engine.log_rate import LogRate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from wardian.capabilities.log import LogLine
    from wardian.pipeline.plan import Plan

FORMS: Final[Mapping[str, Callable[[Entry], str]]] = {"text": as_text, "json": as_json}
_BYTES: Final = 4 * 2**20  # that may wait to be written
_AT_ONCE: Final = 32  # lines that are taken from there together
_LOOK: Final = 0.25  # seconds between two looks at whether to end, while nobody reads
_SWEEP: Final = 5.0  # seconds until what was left out is told, where nothing else is


class Logs:
    """Writes lines to a file descriptor, which stays its caller's; a context manager.

    Whoever says something never waits: what finds no room, because nobody reads, is dropped and counted, and the count
    is told in a line when there is room again. So is what one instance says more often than it may. Any thread may say
    something.

    Args:
        descriptor: where lines go, such as 2.
        form: `text` for people or `json`, a line each.
        level: the least level that is written, one of `trace`, `debug`, `info`, `warn` and `error`.
        levels: other levels, by the names of a pipeline and a member.
        rate: how often one instance may say something, and what is left out.

    Attributes:
        dropped: lines that are gone, for whichever of the two reasons.
    """

    def __init__(
        self,
        descriptor: int,
        *,
        form: str = "text",
        level: str = "info",
        levels: Mapping[tuple[str, str], str] | None = None,
        rate: LogRate | None = None,
    ) -> None:
        # A pipe that is ready takes `PIPE_BUF` bytes at once, so no write of so many waits for its reader.
        self._descriptor, self._form, self._level = descriptor, FORMS[form], LEVELS.index(level)
        self._rate = LogRate() if rate is None else rate
        self._waiting: deque[bytes] = deque()
        self._size = self._untold = 0
        self._changed = threading.Condition()
        self._ending = False
        self._until = float("inf")  # when a reader is waited for no more
        self.dropped = 0
        self.set_levels(levels or {})
        self._thread = threading.Thread(target=self._write, name="wardian-logs", daemon=True)
        self._thread.start()

    def set_levels(self, levels: Mapping[tuple[str, str], str]) -> None:
        """Let these members have these least levels, and all others that of the whole."""
        self._levels = {key: LEVELS.index(level) for key, level in levels.items()}

    def plugin(self, line: LogLine) -> None:
        """Write what a plugin said; its instance is named `PIPELINE/MEMBER`."""
        pipeline, _, member = line.instance.rpartition("/")
        if LEVELS.index(line.level) >= self._levels.get((pipeline, member), self._level):
            self._say(Entry(time.time(), line.level, line.message, pipeline, member, line.plugin, line.fields))

    def say(self, level: str, message: str, *, pipeline: str = "", member: str = "", **fields: object) -> None:
        """Write what the engine says of itself, of a pipeline, or of a member of one."""
        if LEVELS.index(level) >= self._levels.get((pipeline, member), self._level):
            self._say(Entry(time.time(), level, message, pipeline, member, "", fields))

    def handler(self) -> logging.Handler:
        """What takes lines of Python's `logging`, such as those of the logger `wardian`."""
        return _Handler(self)

    def close(self, grace: float = 1.0) -> None:
        """Write what waits, for at most so many seconds; what is left then is dropped. Idempotent."""
        for entry in self._rate.left_out(float("inf")):
            self._offer(entry)
        with self._changed:
            self._until = min(self._until, time.monotonic() + grace)
            self._ending = True
            self._changed.notify()
        # It ends by itself, but where somebody else has filled the pipe between a look at it and a write to it.
        self._thread.join(grace + 1.0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _say(self, entry: Entry) -> None:
        admitted = self._rate.admitted(entry, time.monotonic())
        if not admitted:
            with self._changed:
                self.dropped += 1
        for each in admitted:
            self._offer(each)

    def _offer(self, entry: Entry) -> None:
        line = self._form(entry).encode("utf-8", "backslashreplace") + b"\n"
        with self._changed:
            if self._size + len(line) > _BYTES or self._ending:
                self.dropped += 1
                self._untold += 1
                return
            self._waiting.append(line)
            self._size += len(line)
            self._changed.notify()

    def _write(self) -> None:
        while (taken := self._next()) is not None:
            lines, stands_for = taken
            lost = self._unwritten(lines).count(b"\n")
            if not lost:
                continue
            with self._changed:
                self.dropped += 0 if stands_for else lost
                self._untold = 0 if self._ending else self._untold + (stands_for or lost)
            if not self._ending:
                time.sleep(_LOOK)  # a descriptor that is of no use may be of use again, and is not to be spun on

    def _next(self) -> tuple[bytes, int] | None:
        """The next lines, and how many were dropped that they tell of, which is done at last; None at the end."""
        while True:
            with self._changed:
                if not (self._waiting or self._untold or self._ending):
                    self._changed.wait(_SWEEP)
                if self._waiting:
                    lines = [self._waiting.popleft() for _ in range(min(len(self._waiting), _AT_ONCE))]
                    self._size -= sum(map(len, lines))
                    return b"".join(lines), 0
                if self._untold:
                    untold, self._untold = self._untold, 0
                    told = Entry(time.time(), "warn", f"{untold} lines were left out, as nobody read them")
                    return self._form(told).encode() + b"\n", untold
                if self._ending:
                    return None
            for entry in self._rate.left_out(time.monotonic()):
                self._offer(entry)

    def _unwritten(self, lines: bytes) -> bytes:
        """What did not go out. A reader is waited for, at the end no longer than `close` said."""
        ready = select.poll()
        ready.register(self._descriptor, select.POLLOUT)
        with contextlib.suppress(OSError):
            while lines:
                left = self._until - time.monotonic()
                if ready.poll(max(min(left, _LOOK), 0.0) * 1000):
                    with contextlib.suppress(BlockingIOError):
                        lines = lines[os.write(self._descriptor, lines[: select.PIPE_BUF]) :]
                elif left <= 0:
                    break
        return lines


def levels(plans: Iterable[Plan]) -> dict[tuple[str, str], str]:
    """The least level of each member for which the configuration has one, as `Logs.set_levels` takes them."""
    members = ((plan.name, each.name, each.use.log_level) for plan in plans for each in plan.members)
    return {(pipeline, name): level for pipeline, name, level in members if level is not None}


class _Handler(logging.Handler):
    def __init__(self, logs: Logs) -> None:
        super().__init__()
        self._logs = logs

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record's message, and the last line of its traceback where it has one."""
        names = ((logging.ERROR, "error"), (logging.WARNING, "warn"), (logging.INFO, "info"), (logging.DEBUG, "debug"))
        level = next((name for number, name in names if record.levelno >= number), "trace")
        fields = {"logger": record.name}
        if record.exc_info and record.exc_info[1] is not None:
            fields["error"] = repr(record.exc_info[1])
        self._logs.say(level, record.getMessage(), **fields)
