"""`Workshop`: where the tools of a build run: the commands that start them, a folder to work in, a cache."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from wardian.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


class Workshop:
    """Runs the tools of one build.

    Args:
        folder: empty, for whatever the build makes on its way; gone afterwards.
        cache: a folder that stays from build to build, for engines and the caches of compilers; shared by builds that
            run at once, so what is put there is moved into place whole.
        say: told each command before it runs, for `--verbose`; or None.
    """

    def __init__(self, folder: Path, cache: Path, say: Callable[[str], None] | None = None) -> None:
        self.folder, self.cache, self._say = folder, cache, say

    def say(self, text: str) -> None:
        """Tell a line to whoever wants to see what is done; a remark begins with `#`."""
        if self._say is not None:
            self._say(text)

    def run(
        self, command: Sequence[str | Path], *, cwd: Path | None = None, env: Mapping[str, str] | None = None
    ) -> str:
        """Run a tool to its end, and give its standard output.

        `env` is laid over this process's environment.

        Raises:
            BuildError: `build_failed`, with all that the tool said; or it could not be started.
        """
        words = [str(each) for each in command]
        self.say(shlex.join(words))
        try:
            done = subprocess.run(  # noqa: S603 - a compiler, with the author's own files
                words, cwd=cwd, env={**os.environ, **(env or {})}, capture_output=True, text=True, check=False,
                stdin=subprocess.DEVNULL, errors="replace",
            )  # fmt: skip
        except OSError as error:
            raise BuildError(f"`{words[0]}` cannot be started: {error.strerror}") from error
        if done.returncode != 0:
            said = (done.stderr + done.stdout).strip() or f"it ended with {done.returncode}"
            raise BuildError(f"`{_named(words)}` failed", problems=said.splitlines())
        return done.stdout


def _named(words: Sequence[str]) -> str:
    """What a command is called by people: a script or a module of Python's by its own name."""
    ours = words[1:] if words[0] == sys.executable else words
    return Path(next((each for each in ours if each != "-m"), words[0])).name
