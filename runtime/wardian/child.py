"""Starts a program beside this one, and leaves no descriptor open where it cannot."""

from __future__ import annotations

import os
import subprocess
from contextlib import ExitStack
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


def start(
    command: Sequence[str],
    pipes: Iterable[str],
    *,
    folder: Path | None = None,
    environment: dict[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """The process of a command, leader of a session of its own.

    The pipes are made here: before Python 3.11.4 `Popen` leaves some of its own open where there is none for the next.

    Args:
        command: the program and its arguments.
        pipes: which of `stdin`, `stdout` and `stderr` are pipes to this process; the others are `/dev/null`.
        folder: where it runs; default: where this process does.
        environment: its environment; default: that of this process.

    Raises:
        OSError: it cannot be started.
        ValueError: the command holds a zero character.
    """
    with ExitStack() as theirs, ExitStack() as ours:
        given: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
        kept: dict[str, IO[bytes]] = {}
        for name in pipes:
            read, write = (os.fdopen(end, mode) for end, mode in zip(os.pipe(), ("rb", "wb"), strict=True))
            mine, given[name] = (write, read) if name == "stdin" else (read, write)
            kept[name] = ours.enter_context(mine)
            theirs.enter_context(given[name])
        process = subprocess.Popen(  # noqa: S603 - the caller's command, and no shell but where it says so
            command, cwd=folder, env=environment, close_fds=True, start_new_session=True, **given
        )
        ours.pop_all()
    for name, stream in kept.items():
        setattr(process, name, stream)
    return process
