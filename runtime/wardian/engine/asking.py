"""`ask`: a question to the engine that runs on a state directory, and its answer."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from typing import TYPE_CHECKING, Any, Final

from wardian import plain_json
from wardian.errors import StateError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME: Final = "control.sock"
_ANSWER: Final = 256 * 2**20  # bytes; the status of 10,000 members is about 10 MB
_PIECE: Final = 64 * 2**10


def ask(directory: Path, do: str, *, timeout: float = 10.0, **more: object) -> Any:  # noqa: ANN401
    """What the engine on this state directory answers; `timeout` is in seconds, for all of it.

    Raises:
        StateError: `not_running`, `not_answered` where it does not answer in time, or the code of the engine's error.
    """
    until = time.monotonic() + timeout
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            connection.settimeout(timeout)
            with place(directory) as address:
                connection.connect(address)
            connection.sendall(plain_json.write({"do": do, **more}).encode() + b"\n")
            line = received(connection, _ANSWER, until)
            answer = plain_json.read(line.decode())
        except (FileNotFoundError, NotADirectoryError, ConnectionRefusedError) as error:
            raise StateError(
                "no engine runs on this state directory", code="not_running", where=str(directory),
                hint="start it with `wardian up`, or name its directory with `--state`",
            ) from error  # fmt: skip
        except (OSError, ValueError) as error:
            raise StateError(
                f"the engine did not answer: {error}", code="not_answered", where=str(directory / NAME)
            ) from error
    return _opened(answer, directory)


def received(connection: socket.socket, most: int, until: float) -> bytes:
    """One line, without its end.

    Raises:
        ValueError: it is too long, or did not come to its end.
        OSError: it did not come in time, or the other side is gone.
    """
    parts: list[bytes] = []
    size = 0
    while True:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError("it took too long")
        connection.settimeout(left)
        piece = connection.recv(_PIECE)
        line, ended, _ = piece.partition(b"\n")
        parts.append(line)
        size += len(line)
        if size > most:
            raise ValueError(f"expected a line of at most {most} bytes")
        if ended:
            return b"".join(parts)
        if not piece:
            raise ValueError("the line has no end")


@contextlib.contextmanager
def place(directory: Path) -> Iterator[str]:
    """The address of the socket in a directory, however long the directory's own path is.

    Raises:
        OSError: there is no such directory.
    """
    # An address holds 107 bytes. The directory is opened, and named by its descriptor.
    descriptor = os.open(directory, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{descriptor}/{NAME}"
    finally:
        os.close(descriptor)


def _opened(answer: object, directory: Path) -> Any:  # noqa: ANN401
    if isinstance(answer, dict):
        if "ok" in answer:
            return answer["ok"]
        error = answer.get("error")
        if isinstance(error, dict):
            told = {key: str(error.get(key) or "") for key in ("code", "message", "where", "hint")}
            raise StateError(
                told["message"], code=told["code"] or None, where=told["where"] or str(directory), hint=told["hint"]
            )
    raise StateError("the engine's answer is none", code="not_answered", where=str(directory / NAME))
