"""The files of a folder that a plugin may read as its package, bounded and without a way out of the folder."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from wardian.errors import ConfigError
from wardian.quantity import format_size

MOST_FILES: Final = 1_000
MOST_BYTES: Final = 64 * 2**20  # of all of them: they are kept in memory


def read(folder: Path) -> dict[str, bytes]:
    """The files of a folder and of those in it, by their paths from there. Links and devices are left out.

    Raises:
        ConfigError: it cannot be read, or holds too much.
    """
    if not folder.is_dir():
        raise ConfigError("there is no such folder", where=str(folder))
    made: dict[str, bytes] = {}
    left = MOST_BYTES
    try:
        for above, folders, names in os.walk(folder, onerror=_raise):
            folders.sort()
            for path in (Path(above, name) for name in sorted(names)):
                content = _content(path, left)
                if content is None:
                    continue
                made[path.relative_to(folder).as_posix()] = content
                left -= len(content)
                if left < 0 or len(made) > MOST_FILES:
                    raise ConfigError(
                        f"a plugin reads at most {MOST_FILES} files of {format_size(MOST_BYTES)} together",
                        where=str(folder),
                    )
    except OSError as error:
        raise ConfigError(f"its files cannot be read: {error.strerror}", where=str(error.filename or folder)) from None
    return made


def _content(path: Path, most: int) -> bytes | None:
    """What a file holds, or one byte more than allowed of it; None for what is no file."""
    if not stat.S_ISREG(path.lstat().st_mode):
        return None
    # Whatever has taken its place since is not followed, and not waited for.
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as stream:
        return stream.read(most + 1)


def _raise(error: OSError) -> None:
    raise error
