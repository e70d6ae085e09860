"""`Shell`: runs the commands of `{% … %}`, once an operator has allowed it, in bounds and in a known environment."""

from __future__ import annotations

import os
import selectors
import signal
import time
from typing import IO, TYPE_CHECKING, Final

from wardian import child
from wardian.errors import ExpressionError

if TYPE_CHECKING:
    from pathlib import Path
    from subprocess import Popen

    from wardian.tasks.cancellation import Cancellation

MOST_OUTPUT: Final = 65_536  # bytes of what one command prints
MOST_TIME: Final = 10.0  # seconds of one command
_LOOK: Final = 0.05  # seconds between two looks whether its job has to end
_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_SHOWN: Final = 60


class Shell:
    """Runs `/bin/sh -c COMMAND`, each command at most once for a job.

    Of the environment a command sees `PATH`, `HOME`, `USER`, `TMPDIR`, `LANG`, `LC_ALL` and `TZ`, where there are any,
    and nothing else: a secret that the environment holds is not for every command. Its standard input is empty, its
    folder is the project's, and it and all that it started is killed when its time is over or its job has to end.

    Args:
        folder: where commands run.
        cancellation: what ends them.
    """

    def __init__(self, folder: Path, cancellation: Cancellation) -> None:
        self._folder, self._cancellation = folder, cancellation
        self._said: dict[str, str] = {}

    def __call__(self, command: str) -> str:
        """What the command prints, without the line ends that it ends with.

        Raises:
            ExpressionError: it failed, printed too much, or took too long.
            Cancelled: its job has to end.
        """
        if command not in self._said:
            code, output, errors = self._run(command)
            if code != 0:
                last = errors.strip().rpartition("\n")[2]
                how = f"was ended by signal {-code}" if code < 0 else f"ended with {code}"
                raise ExpressionError(
                    "invalid", f"the command {how}{f': {last}' if last else ''}", where=_where(command)
                )
            self._said[command] = output.rstrip("\n")
        return self._said[command]

    def succeeds(self, command: str) -> bool:
        """Whether the command ends with 0. Raises as a call does, but for a command that fails."""
        return self._run(command)[0] == 0

    def _run(self, command: str) -> tuple[int, str, str]:
        if "\0" in command:
            raise ExpressionError("invalid", "a command holds no zero character", where=_where(command))
        try:
            process = child.start(
                ["/bin/sh", "-c", command], ("stdout", "stderr"), folder=self._folder, environment=_environment()
            )
        except OSError as error:
            raise ExpressionError("invalid", f"no shell can be run: {error}", where=_where(command)) from None
        with process:
            try:
                output, errors = self._read(process, command)
                return process.wait(), output.decode("utf-8", "replace"), errors.decode("utf-8", "replace")
            finally:
                # Its whole session: what it left in the background goes with it.
                _kill(process.pid)

    def _read(self, process: Popen[bytes], command: str) -> tuple[bytes, bytes]:
        assert process.stdout is not None  # noqa: S101 - both are pipes
        assert process.stderr is not None  # noqa: S101
        give_up = time.monotonic() + MOST_TIME
        read: dict[IO[bytes], bytearray] = {process.stdout: bytearray(), process.stderr: bytearray()}
        with selectors.DefaultSelector() as selector:
            for stream in read:
                selector.register(stream, selectors.EVENT_READ)
            while selector.get_map():
                # A shell that has ended says all there is; what it started in the background may hold the pipe.
                ended = process.poll() is not None
                ready = selector.select(0 if ended else _LOOK)
                if ended and not ready:
                    break
                self._cancellation.check()
                if time.monotonic() > give_up:
                    raise ExpressionError(
                        "exhausted", f"the command took more than {MOST_TIME:g} s", where=_where(command)
                    )
                for key, _ in ready:
                    stream = key.fileobj  # type: ignore[assignment] # the streams that were registered
                    chunk = os.read(stream.fileno(), MOST_OUTPUT)
                    if not chunk:
                        selector.unregister(stream)
                    read[stream] += chunk
                    if len(read[stream]) > MOST_OUTPUT:
                        raise ExpressionError(
                            "exhausted", f"the command printed more than {MOST_OUTPUT} bytes", where=_where(command)
                        )
        return bytes(read[process.stdout]), bytes(read[process.stderr])


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("HOME", "USER", "TMPDIR", "LANG", "LC_ALL", "TZ") if name in os.environ}
    return {"PATH": os.environ.get("PATH") or _PATH, **kept}


def _kill(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _where(command: str) -> str:
    cut = command if len(command) <= _SHOWN else f"{command[:_SHOWN]}…"
    return f"`{{% {cut} %}}`"
