"""`StreamSink`: records as lines on standard output, or on another stream of bytes."""

from __future__ import annotations

import os
import select
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wardian.document.shapes import Duration, Text
from wardian.document.structs import Struct, key
from wardian.endpoints.line_record import FORMATS, line_of
from wardian.endpoints.sink import Outcome, Sink
from wardian.endpoints.stream_source import descriptor_of
from wardian.errors import GuestError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wardian.endpoints.stream_source import HasDescriptor
    from wardian.record import Record

_PIECE: Final = select.PIPE_BUF  # bytes that a pipe which can be written to takes without blocking
_RETRY_MS: Final = 1_000


@dataclass(frozen=True, kw_only=True)
class StreamAppend:
    """The configuration of a stream sink."""

    format: str = key(Text(names=FORMATS), "What a line is: the record as JSON, or its `data` as text.", default="json")
    patience: float = key(Duration(), "How long one write may wait for a reader that is slow.", default=10.0)


SHAPE: Final = Struct(StreamAppend, "Records as lines on standard output.")


class StreamSink(Sink):
    """Writes lines; a reader that does not read is waited for, but not for ever.

    What was not written in time fails as `transient`. A line that was begun is taken: its rest is written before
    anything else, so that no reader ever sees half a line followed by another. The descriptor is written to past any
    buffer of the stream, and is not closed.

    Raises:
        ConfigError: the stream has no descriptor, or is closed.
    """

    name = "stdio"

    def __init__(self, config: StreamAppend, stream: HasDescriptor | None = None) -> None:
        super().__init__()
        self._descriptor = descriptor_of(sys.stdout if stream is None else stream)
        self._format, self._patience = config.format, config.patience
        self._rest = b""  # of a line that was begun

    def _written(self, records: Sequence[Record]) -> list[Outcome]:
        until = time.monotonic() + self._patience
        self._rest = self._put(self._rest, until)
        outcomes: list[Outcome] = []
        for record in records:
            line = line_of(record, self._format)
            if isinstance(line, bytes):
                outcomes.append(self._line(line, until))
            else:
                outcomes.append(line)
        return outcomes

    def _flushed(self, *, urgent: bool) -> None:
        del urgent
        self._rest = self._put(self._rest, time.monotonic() + self._patience)
        if self._rest:
            raise _slow()

    def _line(self, line: bytes, until: float) -> GuestError | None:
        if self._rest:
            return _slow()
        left = self._put(line, until)
        if len(left) == len(line):
            return _slow()
        self._rest = left
        return None

    def _put(self, data: bytes, until: float) -> bytes:
        """Write as much as is taken in time; what is left."""
        waiting = select.poll()
        waiting.register(self._descriptor, select.POLLOUT)
        left = memoryview(data)
        while left:
            if not waiting.poll(max(0.0, until - time.monotonic()) * 1000):
                break
            try:
                left = left[os.write(self._descriptor, left[:_PIECE]) :]
            except BlockingIOError:
                # A terminal or a socket that has room, but not for a piece.
                if time.monotonic() >= until:
                    break
                time.sleep(0.01)
        return bytes(left)


def _slow() -> GuestError:
    return GuestError("transient", "nobody reads the output", retry_after_ms=_RETRY_MS)
