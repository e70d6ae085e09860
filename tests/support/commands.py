"""The command `wardian` as a process of its own, with pipes or at a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys


def command(*args):
    """The words that start it."""
    return [sys.executable, "-m", "wardian", *map(str, args)]


def wardian(*args, stdin=b"", seconds=60, **environment):
    """What it did, with `environment` beside the variables that there are."""
    return subprocess.run(
        command(*args), input=stdin, capture_output=True, timeout=seconds, env=os.environ | environment, check=False
    )


def at_terminal(*args, stdout=None, **environment):
    """What it writes to a terminal, on standard error and, unless it goes elsewhere, standard output."""
    ours, theirs = pty.openpty()
    environment = os.environ | {"TERM": "xterm"} | environment
    with subprocess.Popen(command(*args), stdin=theirs, stdout=stdout or theirs, stderr=theirs, env=environment):
        os.close(theirs)
        shown = b""
        while True:
            try:
                part = os.read(ours, 4096)
            except OSError:  # the last of its writers is gone
                break
            if not part:
                break
            shown += part
    os.close(ours)
    return shown.decode()


def refuses(done, code, *said):
    """Nothing on standard output, the code, and each text in what is said, which is safe to print."""
    shown = done.stderr.decode()
    assert (done.returncode, done.stdout) == (code, b""), shown
    assert shown.startswith("error: ")
    assert all(line.isprintable() for line in shown.splitlines())
    for each in said:
        assert each in shown
    return shown
