"""Log lines of a guest: bounded, in one line each, told apart from the host's own."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final

from wardian.capabilities.capability import QuotaSpent, arguments, whole
from wardian.errors import CapabilityError
from wardian.sandbox.faults import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wardian.policy import Limits
    from wardian.sandbox.deadline import Call

LEVELS: Final = ("trace", "debug", "info", "warn", "error")
_LINE: Final = 4096  # characters of one line as shown; what is over is cut, with an ellipsis
_FIELDS: Final = 32  # fields of one line
_PYTHON: Final = (5, logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR)


@dataclass(frozen=True, slots=True)
class LogLine:
    """What a guest said.

    Attributes:
        plugin: the name of the plugin, given by the host; a guest cannot set it.
        instance: the name of the instance, likewise.
        level: one of `trace`, `debug`, `info`, `warn`, `error`.
        message: one printable line of at most 4,096 characters.
        fields: what the guest added, as plain data; their names say nothing about the host's own fields.
    """

    plugin: str
    instance: str
    level: str
    message: str
    fields: Mapping[str, Any] = field(default_factory=dict)


class Log:
    """The log of one instance.

    Args:
        limits: `log_bytes` and `log_lines` bound what one call may say; what is over is dropped and counted.
        plugin: name for the lines.
        instance: name for the lines.
        emit: takes each line, on the thread of the call.
    """

    settles: ClassVar[int] = 0

    def __init__(self, limits: Limits, plugin: str, instance: str, emit: Callable[[LogLine], None]) -> None:
        self._limits, self._plugin, self._instance, self._emit = limits, plugin, instance, emit
        self.bytes = self.lines = self.dropped = 0

    def log(self, _call: Call, request: object) -> None:
        """`[level, message]` or `[level, message, fields]`."""
        parts = arguments(request, 2, 3, "[level, message] or [level, message, fields]")
        level = whole(parts[0], "level", 0, len(LEVELS) - 1)
        fields = parts[2] if len(parts) == 3 and parts[2] is not None else {}
        if not isinstance(parts[1], str):
            raise CapabilityError("invalid", "`message`: expected text")
        if not isinstance(fields, dict) or len(fields) > _FIELDS or not all(isinstance(key, str) for key in fields):
            raise CapabilityError("invalid", f"`fields`: expected a map of at most {_FIELDS} fields with text keys")
        self.write(level, parts[1], fields)

    def write(self, level: int, message: str, fields: Mapping[str, Any] | None = None) -> None:
        """Emit one line of this level, or drop it and count it.

        Raises:
            QuotaSpent: when the call has said all it may.
        """
        size = len(message.encode("utf-8", "surrogatepass")) + (len(repr(fields)) if fields else 0)
        if self.lines >= self._limits.log_lines:
            self.dropped += 1
            raise QuotaSpent(
                "log_lines", f"the call may log {self._limits.log_lines} lines",
                value=self._limits.log_lines, asked=self.lines + self.dropped,
            )  # fmt: skip
        if self.bytes + size > self._limits.log_bytes:
            self.dropped += 1
            raise QuotaSpent(
                "log_bytes", f"the call may log {self._limits.log_bytes} bytes",
                value=self._limits.log_bytes, asked=self.bytes + size,
            )  # fmt: skip
        self.lines += 1
        self.bytes += size
        self._emit(LogLine(self._plugin, self._instance, LEVELS[level], printable(message, _LINE), dict(fields or {})))

    def used(self) -> dict[str, int]:
        """What the running call has said so far."""
        return {"log_bytes": self.bytes, "log_lines": self.lines, "log_dropped": self.dropped}

    def settle(self, *, succeeded: bool) -> None:  # noqa: ARG002 - lines stay, whatever became of the call
        """Begin to count anew."""
        self.bytes = self.lines = self.dropped = 0


def to_logging(line: LogLine) -> None:
    """Hand a line to Python's `logging`, as the logger `wardian.plugin.<plugin>`."""
    logger = logging.getLogger(f"wardian.plugin.{line.plugin}")
    number = _PYTHON[LEVELS.index(line.level)]
    if logger.isEnabledFor(number):
        logger.log(number, "%s", line.message, extra={"wardian": line})


IMPORTS: Final = {"log": Log.log}
