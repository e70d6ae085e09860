"""`StreamSource`: the lines of standard input, or of another stream of bytes."""

from __future__ import annotations

import os
import select
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from wardian.document.shapes import Text, Whole
from wardian.document.structs import Struct, key
from wardian.endpoints.line_record import FORMATS, record_of
from wardian.endpoints.lines import Lines
from wardian.endpoints.source import Source
from wardian.errors import ConfigError, GuestError
from wardian.polling import Polled

if TYPE_CHECKING:
    from wardian.record import Record
    from wardian.timing import Clock

_CHUNK: Final = 64 * 2**10
_MOST: Final = 4 * 2**20  # bytes of the lines of one poll, before the last of them
_SLICE: Final = 0.05  # seconds of one wait: how late `stop` returns
_WAITS: Final = 0.25  # seconds of one poll that finds nothing


class HasDescriptor(Protocol):
    """A stream with a file descriptor."""

    def fileno(self) -> int:
        """The descriptor."""


@dataclass(frozen=True, kw_only=True)
class StreamLines:
    """The configuration of a stream source."""

    format: str = key(Text(names=FORMATS), "What a line is: a JSON value, or text.", default="json")
    max_line: int = key(Whole(1, 64 * 2**20), "Bytes of a line; a longer one is cut.", default=2**20)


SHAPE: Final = Struct(StreamLines, "The lines of standard input.")


class StreamSource(Source):
    """Reads a stream line by line, until its end; a stream cannot be resumed, so there are no offsets.

    It reads the descriptor itself, past any buffer of the stream, and does not close it. A poll that finds nothing
    waits for at most a quarter of a second.

    Raises:
        ConfigError: the stream has no descriptor, or is closed.
    """

    name = "stdio"

    def __init__(
        self,
        config: StreamLines,
        stream: HasDescriptor | None = None,
        resume: object = None,
        clock: Clock | None = None,
    ) -> None:
        super().__init__(resume, clock)
        self._descriptor = descriptor_of(sys.stdin if stream is None else stream)
        self._format = config.format
        self._lines = Lines(config.max_line)
        self._ended = False

    def _polled(self, demand: int) -> Polled[Record]:
        records: list[Record] = []
        size, slices = 0, round(_WAITS / _SLICE)
        while len(records) < demand and size < _MOST and not self.stopped:
            line = self._lines.take()
            if line is not None:
                records.append(record_of(line, self._format))
                size += len(line.data)
            elif self._ended:
                break
            elif not self._fill(0 if records else _SLICE):
                slices -= 1
                if records or not slices:
                    break
        return Polled(records, wait_ms=0, done=self._ended and not self._lines.waiting())

    def _fill(self, seconds: float) -> bool:
        """Read once what comes within so many seconds; whether something did."""
        waiting = select.poll()
        waiting.register(self._descriptor, select.POLLIN)
        try:
            if not waiting.poll(seconds * 1000):
                return False
            data = os.read(self._descriptor, _CHUNK)
        except BlockingIOError:
            return False
        except OSError as error:
            raise GuestError("transient", f"the stream cannot be read: {error.strerror}", where=self.name) from None
        if data:
            self._lines.feed(data)
        else:
            self._ended = True
            self._lines.end()
        return True


def descriptor_of(stream: HasDescriptor | None) -> int:
    """The descriptor of a stream; raises `ConfigError` where there is none."""
    try:
        if stream is not None:
            return stream.fileno()
    except (OSError, ValueError):
        pass
    raise ConfigError("the stream is closed, or has no file descriptor", where="stdio")
