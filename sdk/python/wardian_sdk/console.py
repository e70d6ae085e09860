"""`print` and what else is written to the standard streams: log lines."""

import io
import sys

from wardian_sdk import log


class Console(io.TextIOBase):
    """A stream whose lines become log lines of one level."""

    def __init__(self, write):
        self._write, self._line = write, ""

    def writable(self):
        """Yes."""
        return True

    def write(self, text):
        """Keep what is no whole line yet."""
        *lines, self._line = (self._line + text).split("\n")
        for line in lines:
            self._write(line)
        return len(text)

    def flush(self):
        """Write what is left as a line, and nothing where there is none."""
        if self._line:
            line, self._line = self._line, ""
            self._write(line)


def attach():
    """Make the standard streams consoles."""
    sys.stdout = sys.__stdout__ = Console(log.info)
    sys.stderr = sys.__stderr__ = Console(log.warn)


def flush():
    """Write what the running call has left, where the streams are consoles."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, Console):
            stream.flush()
