"""`FileSource`: the lines of a file, once or for as long as it grows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wardian.config.plugin import beside
from wardian.document.shapes import Duration, Flag, Text, Whole
from wardian.document.structs import Place as Written
from wardian.document.structs import Struct, key, place
from wardian.endpoints.line_record import FORMATS, record_of
from wardian.endpoints.lines import Lines
from wardian.endpoints.source import Source
from wardian.endpoints.tracked_file import Place, TrackedFile, renamed
from wardian.errors import ConfigError, GuestError
from wardian.polling import Polled

if TYPE_CHECKING:
    from wardian.record import Record
    from wardian.timing import Clock

_CHUNK: Final = 64 * 2**10
_MOST: Final = 4 * 2**20  # bytes of the lines of one poll, before the last of them


@dataclass(frozen=True, kw_only=True)
class FileLines:
    """The configuration of a file source."""

    path: str = key(Text("a path", pattern=r".*\S.*", most=4096), "The file, from the folder of this one.")
    format: str = key(Text(names=FORMATS), "What a line is: a JSON value, or text.", default="json")
    follow: bool = key(Flag(), "Whether to wait for more at its end, and for the next file after a rotation.",
        default=False)  # fmt: skip
    begin: str = key(Text(names=("start", "end")), "Where a file that is not resumed is begun.", default="start")
    interval: float = key(Duration(), "How often its end is looked at.", default=0.25)
    max_line: int = key(Whole(1, 64 * 2**20), "Bytes of a line; a longer one is cut.", default=2**20)
    symlinks: bool = key(Flag(), "Whether the path may be a symbolic link.", default=False)
    at: Written = place()


SHAPE: Final = Struct(FileLines, "The lines of a file.")


class FileSource(Source):
    """Reads a file line by line; offsets are places between lines, so that each line comes once after a restart.

    A file that is followed may be missing, may be renamed (the old one is read to its end, and then the one that took
    its name), and may be cut or written anew (it is read from its beginning). Its last line is kept back until it has
    its end. Where nobody follows, the last line needs no end.

    Raises:
        ConfigError: there is no such file to be read once, it is no regular file, or the offset is none.
    """

    name = "file"

    def __init__(self, config: FileLines, resume: object = None, clock: Clock | None = None) -> None:
        super().__init__(resume, clock, max(config.interval, 0.01) if config.follow else None)
        self._config, self._path = config, beside(config.at.node.at(["path"]), "".join(config.path))
        self._lines = Lines(config.max_line)
        self._at = 0  # where the line begins that is next
        self._ended = self._quiet = False
        self._file = self._first(None if resume is None else Place.from_value(resume))
        if self._file is None and not config.follow:
            raise ConfigError("there is no such file", where=config.path)
        self._holding = True

    def _polled(self, demand: int) -> Polled[Record]:
        records: list[Record] = []
        size = 0
        try:
            while len(records) < demand and size < _MOST and not self.stopped:
                line = self._lines.take()
                if line is not None:
                    records.append(record_of(line, self._config.format))
                    self._at += line.size
                    size += len(line.data)
                elif self._ended or not self._fill():
                    break
        except OSError as error:
            if not records:  # else they come first, and the error with the next poll
                raise GuestError("transient", f"the file cannot be read: {error.strerror}", where=self.name) from None
        offset = self._file.place(self._at).to_value() if self._file and records else None
        return Polled(records, 0 if records else None, offset, done=self._ended and not self._lines.waiting())

    def _fill(self) -> bool:
        """Get lines; whether there may be some now."""
        if self._file is None:
            self._file = self._open()
            return self._file is not None
        if self._file.changed():
            self._begin()
            return True
        if data := self._file.read(_CHUNK):
            self._lines.feed(data)
            self._quiet = False
            return True
        if not self._config.follow:
            self._ended = True
            self._lines.end()
            return True
        return self._rotated(self._file)

    def _rotated(self, file: TrackedFile) -> bool:
        """At the end of a file: go on to the one that has its name now, if that is another one."""
        if file.is_at(self._path, symlinks=self._config.symlinks) is not False:
            self._quiet = False
            return False
        if not self._quiet:
            # Who wrote to the old file may not know of the new one yet: it is given one more poll.
            self._quiet = True
            return False
        self._lines.end()
        if self._lines.waiting():
            return True
        following = self._open()
        if following is None:
            return False
        file.close()
        self._file, self._quiet = following, False
        self._begin()
        return True

    def _begin(self) -> None:
        """Read the file from its beginning."""
        if self._file:
            self._file.start(0)
        self._lines.reset()
        self._at = 0

    def _open(self) -> TrackedFile | None:
        return TrackedFile.open(self._path, symlinks=self._config.symlinks)

    def _first(self, place: Place | None) -> TrackedFile | None:
        """The file to begin with, where it is to be begun."""
        file = self._open()
        if place is None:
            if file and self._config.begin == "end":
                self._at = file.size()
                file.start(self._at)
            return file
        if file is None or not file.has(place):
            old = renamed(self._path, place) if self._config.follow else None
            if old is None:
                return file
            if file:
                file.close()
            file = old
        self._at = place.offset
        file.start(place.offset)
        return file

    def _release(self) -> None:
        if self._file:
            self._file.close()
            self._file = None
