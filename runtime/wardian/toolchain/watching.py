"""Waits until an author has changed a file: sources, description or cases, and nothing that a build writes."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

EVERY: Final = 0.2  # seconds from one look to the next
_MOST: Final = 10_000  # files; whoever has more has named a folder of something else
_OTHERS: Final = frozenset({"__pycache__", "build", "dist", "node_modules", "target", "zig-cache", "zig-out"})

Marks = dict[Path, tuple[int, int, int]]


def look(places: Iterable[Path]) -> Marks:
    """When each file was changed: those that are named, and those of the folders that are.

    Hidden files, modules (`.wasm`) and folders that tools write are left out.
    """
    marks: Marks = {}
    for path in _files(places):
        try:
            found = path.stat()
        except OSError:  # gone meanwhile, or never there
            continue
        marks[path] = (found.st_mtime_ns, found.st_size, found.st_ino)
    return marks


def changed(before: Mapping[Path, object], after: Mapping[Path, object]) -> list[Path]:
    """The files that came, went, or were written, in the order of their paths."""
    return sorted(path for path in {*before, *after} if before.get(path) != after.get(path))


def wait(
    places: Iterable[Path], before: Marks, *, pause: Callable[[float], object] = time.sleep, every: float = EVERY
) -> Marks:
    """Wait until a look is another than `before` and the same twice: who writes a file in parts is not disturbed.

    Args:
        places: files and folders, as `look` takes them.
        before: what they looked like; a change since then counts, whenever it was made.
        pause: waits so many seconds; what it raises ends the waiting.
        every: seconds from one look to the next.
    """
    places = tuple(places)
    last, now = before, look(places)
    while now == before or now != last:
        pause(every)
        last, now = now, look(places)
    return now


def _files(places: Iterable[Path]) -> Iterable[Path]:
    count = 0
    for place in places:
        if not place.is_dir():
            yield place
            continue
        for above, folders, names in os.walk(place):
            folders[:] = sorted(each for each in folders if each not in _OTHERS and not each.startswith("."))
            for name in sorted(names):
                if count < _MOST and not name.startswith(".") and not name.endswith(".wasm"):
                    count += 1
                    yield Path(above, name)
