"""Processes, from their start to their end."""

from __future__ import annotations

import subprocess
import sys
import time
from functools import partial
from typing import TYPE_CHECKING

from measure import Figures, Measure

if TYPE_CHECKING:
    from workbench import Bench

EMPTY = ("-c", "pass")


def process(bench: Bench, words: tuple[str, ...]) -> Figures:
    """Milliseconds of a Python process that does this, and of one that does nothing, in turns."""
    words = tuple(str(bench.example) if word == "PLUGIN" else word for word in words)
    _run(bench, words)  # compiles what is to be compiled, and reads what is to be read
    ours, empty = [], []
    for _ in range(bench.effort.processes):
        ours.append(_run(bench, words))
        empty.append(_run(bench, EMPTY))
    return Figures(tuple(ours), tuple(empty))


def _run(bench: Bench, words: tuple[str, ...]) -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, *words], check=True, capture_output=True, env=bench.environment)
    return (time.perf_counter() - begun) * 1e3


def _start(name: str, what: str, *words: str) -> Measure:
    return Measure(name, what, "`python -c pass`", "ms", "times slower", partial(process, words=words))


MEASURES = (
    _start("import_package", "`import wardian`", "-c", "import wardian"),
    _start("import_runtime", "`from wardian import Runtime`", "-c", "from wardian import Runtime"),
    _start("command_help", "`wardian --help`", "-m", "wardian", "--help"),
    _start(
        "command_call", "`wardian call` of a cached plugin",
        "-m", "wardian", "call", "PLUGIN", "count", '"to be or not to be"', "--grant", "state", "--state", ":memory:",
    ),
)  # fmt: skip
