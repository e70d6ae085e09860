"""The standard streams of a guest: its input, its log lines, and the reply of a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from wardian.errors import ReplyTooLarge
from wardian.quantity import format_size
from wardian.sandbox.wasi_descriptors import Descriptor, Filetype, Rights

if TYPE_CHECKING:
    from collections.abc import Callable

    from wardian.sandbox.deadline import Call

    LogLine: TypeAlias = Callable[[Call, int, str], None]

# Log levels of the ABI. Programs write to standard error what is merely not their output: a warning, not an error.
INFO: Final = 2
WARN: Final = 3

LINE: Final = 4096  # bytes of one line; a longer one is logged in pieces, so that an endless one takes no memory


class Input(Descriptor):
    """Standard input: bytes that are there from the beginning."""

    rights = Rights.FD_READ | Rights.FD_FDSTAT_SET_FLAGS | Rights.FD_FILESTAT_GET | Rights.POLL_FD_READWRITE

    def __init__(self, data: bytes) -> None:
        self._left = memoryview(data)

    def left(self) -> int:
        """How many bytes are not read yet."""
        return len(self._left)

    def read(self, most: int) -> memoryview:
        """The next bytes, up to `most`."""
        data, self._left = self._left[:most], self._left[most:]
        return data


class Lines(Descriptor):
    """Turns what a guest writes, in whatever fragments, into log lines.

    Lines are UTF-8; what is not is replaced. Nothing is escaped: that is for the log to do.

    Args:
        level: the level of the lines.
        log_line: called with the running call, the level and each line without its end; where the log is full it drops
            the line and returns.

    Attributes:
        held: what was written after the last line end.
    """

    # A device: C programs then write out each line at its end instead of keeping some kilobytes.
    filetype = Filetype.CHARACTER_DEVICE
    rights = Rights.FD_WRITE | Rights.FD_FDSTAT_SET_FLAGS | Rights.FD_FILESTAT_GET | Rights.POLL_FD_READWRITE
    at_once = 16 * LINE

    def __init__(self, level: int, log_line: LogLine) -> None:
        self._level, self._log_line = level, log_line
        self.held = b""

    def write(self, call: Call, data: bytes) -> None:
        """Log each line that is whole now; keep the rest, of at most 4,096 bytes."""
        text, start, self.held = self.held + data, 0, b""
        # 65,536 line ends take longer than some deadlines: the loop stops with the call.
        while call.ended_by is None:
            end = text.find(b"\n", start, start + LINE + 1)
            if end >= 0:
                self._emit(call, text[start:end].removesuffix(b"\r"))
                start = end + 1
            elif len(text) - start > LINE:
                end = _between_characters(text, start + LINE)
                self._emit(call, text[start:end])
                start = end
            else:
                break
        self.held = text[start : start + LINE]

    def finish(self, call: Call) -> None:
        """Log what is held."""
        held, self.held = self.held, b""
        if held:
            self._emit(call, held)

    def _emit(self, call: Call, line: bytes) -> None:
        self._log_line(call, self._level, line.decode("utf-8", "replace"))


class Collected(Descriptor):
    """Standard output of a command: its reply, of at most `limit` bytes."""

    # Not a device: a C program would write out a binary reply at each byte that looks like a line end.
    filetype = Filetype.UNKNOWN
    rights = Lines.rights
    at_once = 2**20

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._data = bytearray()

    def write(self, _call: Call, data: bytes) -> None:
        """Add to the reply.

        Raises:
            ReplyTooLarge: when it would be more than the limit; this ends the call.
        """
        asked = len(self._data) + len(data)
        if asked > self._limit:
            raise ReplyTooLarge(
                f"the guest wrote {format_size(asked)} to standard output, of at most {format_size(self._limit)}",
                value=self._limit, asked=asked, hint="raise the limit `reply`, or let the plugin answer less",
            )  # fmt: skip
        self._data += data

    def reply(self) -> bytes:
        """All that was written."""
        return bytes(self._data)


def _between_characters(text: bytes, at: int) -> int:
    """`at`, or up to three bytes before it, where it would cut a character of UTF-8 in two."""
    for back in range(4):
        if text[at - back] & 0xC0 != 0x80:
            return at - back
    return at
