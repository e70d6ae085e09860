"""`Watch`: tells when what files hold has changed, once it has stopped changing."""

from __future__ import annotations

import hashlib
import os
import stat
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import TracebackType

EVERY: Final = 1.0  # seconds from one look to the next
_MOST: Final = 10_000  # files of a folder; a folder of more is no package


@dataclass(frozen=True, slots=True)
class Look:
    """What one file looked like.

    Attributes:
        marks: what its folder says of it; while these are the same it is not read.
        digest: of what it holds, or why that cannot be read.
    """

    marks: tuple[int, ...] | None
    digest: str


Looks = dict[Path, Look]


def look(paths: Iterable[Path], before: Mapping[Path, Look]) -> Looks:
    """What these files, and those of these folders, look like; `before` saves reading what was not touched."""
    return {path: _one(path, before.get(path)) for given in paths for path in _within(given)}


def same(one: Mapping[Path, Look], other: Mapping[Path, Look]) -> bool:
    """Whether the same files hold the same, whenever they were written."""
    return {path: each.digest for path, each in one.items()} == {path: each.digest for path, each in other.items()}


class Watch:
    """Looks at files again and again, on a thread of its own; a context manager that ends that.

    Args:
        changed: called on that thread once what the files hold is another than when they were followed, and has been
            the same for two looks: who writes a file in parts is not caught in the middle.
        every: seconds from one look to the next.
    """

    def __init__(self, changed: Callable[[], object], *, every: float = EVERY) -> None:
        self._changed, self._every = changed, every
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._paths: tuple[Path, ...] = ()
        self._told: Looks = {}
        self._last: Looks = {}
        self._thread = threading.Thread(target=self._run, name="wardian-watch", daemon=True)

    def follow(self, paths: Iterable[Path]) -> None:
        """Look at these from now on; folders with all that is in them, and what is not there yet may come."""
        given = tuple(dict.fromkeys(paths))
        seen = look(given, {})
        with self._lock:
            self._paths, self._told, self._last = given, seen, seen
        if self._thread.ident is None:
            self._thread.start()

    def close(self) -> None:
        """Look no more; a second time does nothing."""
        self._ended.set()
        if self._thread.ident is not None and threading.current_thread() is not self._thread:
            self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self) -> None:
        while not self._ended.wait(self._every):
            if self._settled():
                self._changed()

    def _settled(self) -> bool:
        with self._lock:
            paths, last = self._paths, self._last
        seen = look(paths, last)
        with self._lock:
            if paths is not self._paths:  # others are followed since
                return False
            still = same(seen, self._last)
            self._last = seen
            if not still or same(seen, self._told):
                return False
            self._told = seen
            return True


def _within(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found: list[Path] = []
    for above, folders, names in os.walk(path):
        folders.sort()
        found += [Path(above, name) for name in sorted(names)]
        if len(found) > _MOST:
            return found[:_MOST]
    return found


def _one(path: Path, before: Look | None) -> Look:
    try:
        found = path.stat()
        marks = (found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino, found.st_dev)
        if before is not None and before.marks == marks:
            return before
        if not stat.S_ISREG(found.st_mode):  # to read it could take for ever
            return Look(marks, f"no file: {stat.S_IFMT(found.st_mode):o}")
        with path.open("rb") as file:
            return Look(marks, hashlib.file_digest(file, "sha256").hexdigest())
    except (OSError, ValueError) as error:
        return Look(None, f"unread: {type(error).__name__}")
