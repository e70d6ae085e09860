"""`FileSink`: records as lines at the end of a file."""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from wardian.config.plugin import beside
from wardian.document.shapes import Flag, Text, Whole
from wardian.document.structs import Place, Struct, key, place
from wardian.endpoints.line_record import FORMATS, line_of
from wardian.endpoints.sink import Outcome, Sink
from wardian.errors import ConfigError, GuestError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wardian.record import Record


@dataclass(frozen=True, kw_only=True)
class FileAppend:
    """The configuration of a file sink."""

    path: str = key(Text("a path", pattern=r".*\S.*", most=4096), "The file, from the folder of this one; its "
        "own folder must be there.")  # fmt: skip
    format: str = key(Text(names=FORMATS), "What a line is: the record as JSON, or its `data` as text.", default="json")
    sync: bool = key(Flag(), "Whether each write is on the disk before it counts as taken.", default=False)
    rotate: int = key(Whole(0, 2**40), "Bytes after which a new file is begun; 0 for never.", default=0)
    keep: int = key(Whole(1, 1_000), "How many of the files before it are kept, as `PATH.1`, `PATH.2` and so on.",
        default=5)  # fmt: skip
    mode: str = key(Text("permissions such as `0600`", pattern="0[0-7]{3}"), "The permissions of a file that it makes.",
        default="0600")  # fmt: skip
    at: Place = place()


SHAPE: Final = Struct(FileAppend, "Records as lines at the end of a file.")


class FileSink(Sink):
    """Appends the records of a write as whole lines with one write, or none of them.

    Nothing is held back: what was taken is with the operating system, and outlives this process. `flush(urgent=True)`
    puts it on the disk. Where there is no space, each record of the write fails as `transient`, and the file is as it
    was. One sink has the file: it is locked against another.

    Raises:
        ConfigError: it cannot be opened, is no regular file, or another sink writes to it.
    """

    name = "file"

    def __init__(self, config: FileAppend) -> None:
        super().__init__()
        self._config, self._path = config, beside(config.at.node.at(["path"]), "".join(config.path))
        self._descriptor = self._open()
        self._holding = True

    def _written(self, records: Sequence[Record]) -> list[Outcome]:
        lines = [line_of(each, self._config.format) for each in records]
        batch = b"".join(line for line in lines if isinstance(line, bytes))
        failed = self._append(batch) if batch else None
        return [failed if isinstance(line, bytes) else line for line in lines]

    def _append(self, batch: bytes) -> GuestError | None:
        try:
            self._follow_path()
            size = os.fstat(self._descriptor).st_size
            if self._config.rotate and size and size + len(batch) > self._config.rotate:
                self._rotate()
                size = 0
        except (OSError, ConfigError) as error:
            return _transient(error)
        try:
            if os.write(self._descriptor, batch) == len(batch):
                if self._config.sync:
                    os.fdatasync(self._descriptor)
                return None
            failed = GuestError("transient", "the file takes no more: the disk is full, or a limit is reached")
        except OSError as error:
            failed = _transient(error)
        with contextlib.suppress(OSError):
            os.ftruncate(self._descriptor, size)  # no half of a line is left behind
        return failed

    def _flushed(self, *, urgent: bool) -> None:
        if not urgent:
            return
        try:
            os.fsync(self._descriptor)
        except OSError as error:
            raise _transient(error) from None

    def _follow_path(self) -> None:
        """Where somebody else renamed or removed the file, begin the one that its path means."""
        mine = os.fstat(self._descriptor)
        with contextlib.suppress(FileNotFoundError):
            found = os.lstat(self._path)
            if (found.st_dev, found.st_ino) == (mine.st_dev, mine.st_ino):
                return
        self._reopen()

    def _rotate(self) -> None:
        os.fsync(self._descriptor)
        numbered = [Path(f"{self._path}.{number}") for number in range(1, self._config.keep + 1)]
        for older, newer in zip(reversed(numbered), [*reversed(numbered[:-1]), self._path], strict=True):
            with contextlib.suppress(FileNotFoundError):
                newer.replace(older)
        self._reopen()

    def _reopen(self) -> None:
        fresh = self._open()
        os.close(self._descriptor)
        self._descriptor = fresh

    def _open(self) -> int:
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
        where = str(self._path)
        try:
            descriptor = os.open(self._path, flags, int(self._config.mode, 8))
        except OSError as error:
            raise ConfigError(f"the file cannot be opened: {error.strerror}", where=where) from None
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise ConfigError("it is no regular file", where=where, hint="`stdio` writes to pipes and devices")  # noqa: TRY301
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _finish(descriptor)
        except OSError as error:
            os.close(descriptor)
            busy = isinstance(error, BlockingIOError)
            said = "another sink writes to it" if busy else f"the file cannot be used: {error.strerror}"
            raise ConfigError(said, where=where) from None
        except ConfigError:
            os.close(descriptor)
            raise
        return descriptor

    def _release(self) -> None:
        os.close(self._descriptor)


def _finish(descriptor: int) -> None:
    """End the line that a process left unfinished that was killed while it wrote; nothing is taken away."""
    size = os.fstat(descriptor).st_size
    if size and os.pread(descriptor, 1, size - 1) != b"\n":
        os.write(descriptor, b"\n")


def _transient(error: OSError | ConfigError) -> GuestError:
    reason = error.message if isinstance(error, ConfigError) else error.strerror
    return GuestError("transient", f"the file cannot be written: {reason}")
