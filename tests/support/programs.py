"""Programs of their own process, for what would end or stop the test's: signals, forks, small threads."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]


def run(program: str, *arguments: object, seconds: float = 30) -> str:
    """The standard output of a Python program; fails when it fails or takes longer."""
    command = [sys.executable, "-W", "error", "-c", program, *map(str, arguments)]
    paths = [str(TESTS), os.environ.get("PYTHONPATH", "")]  # what this process was given may stand in for the package
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=seconds, env=environment, check=False, cwd=TESTS
    )
    assert done.returncode == 0, f"exit code {done.returncode}: {done.stderr[-3000:]}"
    return done.stdout
