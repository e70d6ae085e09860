"""What one guest's WASI sees: its streams, its clocks, its random bytes, its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wardian.sandbox import wasi_descriptors
from wardian.sandbox.wasi_clock import Clock
from wardian.sandbox.wasi_errno import Errno, Refused
from wardian.sandbox.wasi_package import PREOPENED, Directory
from wardian.sandbox.wasi_random import Random
from wardian.sandbox.wasi_streams import INFO, WARN, Collected, Input, Lines

if TYPE_CHECKING:
    from wardian.sandbox.deadline import Call
    from wardian.sandbox.wasi_descriptors import Descriptor
    from wardian.sandbox.wasi_package import Package
    from wardian.sandbox.wasi_streams import LogLine


class World:
    """The WASI of one instance; the functions find it at `instance.context.wasi`.

    Threads: only the one that runs the instance.

    Args:
        log_line: called with the running call, the ABI's number of the level, and the text of each line; drops what is
            over its quota, and escapes what it shows. What it raises ends the call.
        clock: whether the guest may know the time.
        random: whether the guest gets unpredictable bytes.
        seed: makes the predictable ones of two instances differ.
        package: the files it finds at `/package`, or None for no files at all.
        stdin: all that standard input holds.
        reply_limit: how many bytes of standard output are collected as the reply of a command; None for a reactor,
            whose standard output becomes log lines.

    Attributes:
        clock: its clocks.
        random: its random bytes.
        descriptors: what is open, by number.
    """

    __slots__ = ("_lines", "_stdout", "clock", "descriptors", "random")

    def __init__(
        self,
        log_line: LogLine,
        *,
        clock: bool = False,
        random: bool = False,
        seed: bytes = b"",
        package: Package | None = None,
        stdin: bytes = b"",
        reply_limit: int | None = None,
    ) -> None:
        self.clock = Clock(granted=clock)
        self.random = Random(granted=random, seed=seed)
        self._stdout = Lines(INFO, log_line) if reply_limit is None else Collected(reply_limit)
        stderr = Lines(WARN, log_line)
        self._lines = tuple(each for each in (self._stdout, stderr) if isinstance(each, Lines))
        self.descriptors: dict[int, Descriptor] = {0: Input(stdin), 1: self._stdout, 2: stderr}
        if package is not None:
            self.descriptors[3] = Directory(package, package.root, PREOPENED)

    def reply(self) -> bytes:
        """What a command has written to its standard output; empty for a reactor."""
        return self._stdout.reply() if isinstance(self._stdout, Collected) else b""

    def finish(self, call: Call) -> None:
        """Log the lines that were not ended; at the end of each call, whatever became of it."""
        for stream in self._lines:
            if stream.held:  # hardly ever, and this is asked after each call
                stream.finish(call)

    def descriptor(self, number: int) -> Descriptor:
        """What is open as this number.

        Raises:
            Refused: `BADF`.
        """
        found = self.descriptors.get(number)
        if found is None:
            raise Refused(Errno.BADF)
        return found

    def directory(self, number: int) -> Directory:
        """The directory that is open as this number.

        Raises:
            Refused: `BADF`, or `NOTDIR`.
        """
        found = self.descriptor(number)
        if not isinstance(found, Directory):
            raise Refused(Errno.NOTDIR)
        return found

    def open(self, descriptor: Descriptor) -> int:
        """Open the descriptor, and give its number.

        Raises:
            Refused: `MFILE` when 64 are open.
        """
        if len(self.descriptors) >= wasi_descriptors.MOST:
            raise Refused(Errno.MFILE)
        # Not the number of the preopened directory, even once it was closed: a guest knows that one by its number.
        number = next(number for number in range(4, 5 + wasi_descriptors.MOST) if number not in self.descriptors)
        self.descriptors[number] = descriptor
        return number
