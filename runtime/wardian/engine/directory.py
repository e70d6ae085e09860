"""`StateDirectory`: where the pipelines of one configuration keep what outlives the process, held by one process."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final, Self

from wardian.errors import StateError

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path
    from types import TracebackType

NAME: Final = ".wardian"
_ENDING: Final = ".db"
_TRIES: Final = 5
_AGAIN: Final = 0.05  # seconds


@dataclass(frozen=True, slots=True)
class StateDirectory:
    """The layout of a directory of state; nothing is made or opened by asking for a path.

    Attributes:
        path: the directory.
    """

    path: Path

    @classmethod
    def beside(cls, file: Path) -> Self:
        """The one of a configuration that names none: `.wardian` in the folder of its file."""
        return cls(file.parent / NAME)

    @property
    def lock(self) -> Path:
        """The file whose lock is held by the process that runs the pipelines, and holds its number."""
        return self.path / "lock"

    @property
    def control(self) -> Path:
        """The socket by which that process is asked."""
        return self.path / "control.sock"

    @property
    def shared(self) -> Path:
        """The state of uses that all pipelines share."""
        return self.path / "shared.db"

    def pipeline(self, name: str) -> Path:
        """The file of one pipeline: its log, its dead letters, its state."""
        return self.path / "pipelines" / f"{name}{_ENDING}"

    def pipelines(self) -> list[str]:
        """The names of those that have a file, in their order."""
        with contextlib.suppress(FileNotFoundError):
            return sorted(each.stem for each in self.pipeline("").parent.iterdir() if each.suffix == _ENDING)
        return []

    def orphans(self, known: Collection[str]) -> list[str]:
        """The names of those that have a file, and are not among the known."""
        return [each for each in self.pipelines() if each not in known]

    def forget(self, name: str) -> bool:
        """Delete the file of a pipeline, and what lies beside it; whether there was one. For who holds the lock.

        Raises:
            StateError: it cannot be deleted.
        """
        return _deleted(self.pipeline(name))

    def forget_shared(self) -> bool:
        """Delete what all pipelines share, likewise."""
        return _deleted(self.shared)

    def holder(self) -> int | None:
        """The number of the process that holds the lock, 0 where that is not known, or None where none does."""
        try:
            with self.lock.open("rb") as file:
                return None if _locked(file) else _number(self.lock)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unusable(self.lock, error) from error

    def hold(self) -> Held:
        """Make the directory where there is none, for its owner alone, and hold it until the result is closed.

        Raises:
            StateError: `state_in_use`, where another process holds it; or it cannot be used.
        """
        try:
            for folder in (self.path, self.pipeline("").parent):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = os.fdopen(os.open(self.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600), "r+b")
        except OSError as error:
            raise _unusable(self.path, error) from error
        # Who asks for the holder has the lock for a moment itself.
        for left in reversed(range(_TRIES)):
            if _locked(file):
                break
            if not left:
                file.close()
                raise self._in_use()
            time.sleep(_AGAIN)
        file.truncate(0)
        file.write(f"{os.getpid()}\n".encode())
        file.flush()
        return Held(file)

    def _in_use(self) -> StateError:
        number = _number(self.lock)
        who = f"the process {number}" if number else "another process"
        return StateError(
            f"{who} runs pipelines with this state", code="state_in_use", where=str(self.path),
            hint="stop it first, ask it with `wardian status`, or give this one a directory of its own with `--state`",
        )  # fmt: skip


class Held:
    """A directory that is held; a context manager that lets go of it. A process that dies lets go as well."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def close(self) -> None:
        """Let go; a second time does nothing."""
        if not self._file.closed:
            self._file.truncate(0)  # nobody is to be told a number that may be another process's by then
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _deleted(path: Path) -> bool:
    there = path.exists()
    # The file itself goes first: a log of SQLite's without its file is nothing, a file without its log is torn.
    for each in (path, *(path.with_name(path.name + ending) for ending in ("-wal", "-shm", "-lock"))):
        try:
            each.unlink(missing_ok=True)
        except OSError as error:
            raise _unusable(each, error) from error
    return there


def _locked(file: IO[bytes]) -> bool:
    """Whether the lock could be had."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _number(path: Path) -> int:
    text = path.read_bytes()[:20].strip()
    return int(text) if text.isdigit() else 0


def _unusable(path: Path, error: OSError) -> StateError:
    return StateError(
        f"the state directory cannot be used: {error.strerror or error}", where=str(path),
        hint="give `--state` a directory that this user can write",
    )  # fmt: skip
