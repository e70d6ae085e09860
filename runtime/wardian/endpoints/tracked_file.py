"""`TrackedFile`: a regular file that is read, known by its inode and its first bytes, so that it is found again."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from wardian.errors import ConfigError

HEAD: Final = 256  # bytes by which a file is known
_SEARCHED: Final = 10_000  # names in a folder among which one that was renamed is looked for


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file, as plain data: what a source resumes from.

    Attributes:
        inode: of the file.
        offset: bytes from its beginning.
        head_size: how many of its first bytes it is known by.
        head: their digest.
    """

    inode: int
    offset: int
    head_size: int
    head: str

    @staticmethod
    def from_value(value: object) -> Place:
        """The place in a map that `to_value` made; raises `ConfigError` for anything else."""
        names = ("inode", "offset", "head_size")
        if isinstance(value, dict) and value.keys() == {*names, "head"} and isinstance(value["head"], str):
            inode, offset, size = (value[name] for name in names)
            if all(
                isinstance(each, int) and not isinstance(each, bool) and each >= 0 for each in (inode, offset, size)
            ):
                return Place(inode, offset, size, value["head"])
        raise ConfigError("the offset is none of a file", where="file", hint="resume from what `offset` gave")

    def to_value(self) -> dict[str, int | str]:
        """The plain map."""
        return {"inode": self.inode, "offset": self.offset, "head_size": self.head_size, "head": self.head}


class TrackedFile:
    """An open file, read from `position` on; whoever opened it closes it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.inode = os.fstat(descriptor).st_ino
        self.device = os.fstat(descriptor).st_dev
        self.position = 0
        self._head = b""

    @classmethod
    def open(cls, path: Path, *, symlinks: bool) -> Self | None:
        """The file at a path, or None where there is none.

        Raises:
            ConfigError: it is no regular file, a symbolic link where these are not wanted, or may not be read.
        """
        # Without O_NONBLOCK, opening a FIFO would wait for its writer before it could be refused.
        flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY | (0 if symlinks else os.O_NOFOLLOW)
        try:
            descriptor = os.open(path, flags)
        except FileNotFoundError:
            return None
        except OSError as error:
            hint = ""
            if not symlinks and path.is_symlink():
                hint = "it is a symbolic link; `symlinks: true` allows that"
            raise ConfigError(f"the file cannot be read: {error.strerror}", where=str(path), hint=hint) from None
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise ConfigError("it is no regular file", where=str(path), hint="`stdio` reads pipes and devices")
        return cls(descriptor)

    def start(self, position: int) -> None:
        """Read from there on."""
        self._head = os.pread(self._descriptor, min(HEAD, position), 0)
        self.position = position

    def read(self, size: int) -> bytes:
        """Some bytes, none at its end."""
        data = os.pread(self._descriptor, size, self.position)
        if len(self._head) < HEAD:  # then nothing was read beyond it yet
            self._head += data[: HEAD - len(self._head)]
        self.position += len(data)
        return data

    def size(self) -> int:
        """How long it is now."""
        return os.fstat(self._descriptor).st_size

    def changed(self) -> bool:
        """Whether what was read is not there any more: it was cut, or written anew."""
        return self.size() < self.position or os.pread(self._descriptor, len(self._head), 0) != self._head

    def is_at(self, path: Path, *, symlinks: bool) -> bool | None:
        """Whether the path still leads to it; None where it leads nowhere."""
        try:
            found = path.stat(follow_symlinks=symlinks)
        except OSError:
            return None
        return (found.st_dev, found.st_ino) == (self.device, self.inode)

    def place(self, offset: int) -> Place:
        """A place before `position`."""
        head = self._head[:offset]
        return Place(self.inode, offset, len(head), _digest(head))

    def has(self, place: Place) -> bool:
        """Whether it is the file of that place, and still as long."""
        if self.inode != place.inode or self.size() < place.offset or place.head_size > HEAD:
            return False
        return _digest(os.pread(self._descriptor, place.head_size, 0)) == place.head

    def close(self) -> None:
        """Close it."""
        os.close(self._descriptor)


def renamed(path: Path, place: Place) -> TrackedFile | None:
    """The file of a place under another name in the same folder, or None."""
    with os.scandir(path.parent) as found:
        for _, entry in zip(range(_SEARCHED), found, strict=False):
            if entry.inode() == place.inode and entry.is_file(follow_symlinks=False):
                file = TrackedFile.open(Path(entry.path), symlinks=False)
                if file is None:
                    continue
                if file.has(place):
                    return file
                file.close()
    return None


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]
