"""What many live instances take, in a process of their own."""

from __future__ import annotations

import subprocess
import sys

from measure import Figures, Measure
from workbench import HERE, Bench

LIVE = 10_000


def live_instances(bench: Bench) -> Figures:
    """KiB that each of many live instances makes the process larger by."""
    count = max(2, int(LIVE * bench.effort.scale))
    return Figures(tuple(_resident(bench, count) for _ in range(bench.effort.processes)))


def _resident(bench: Bench, count: int) -> float:
    command = [sys.executable, HERE / "live.py", bench.example, str(count)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=bench.environment)
    return float(done.stdout)


MEASURES = (
    Measure(
        "live_instance", f"memory of each of {LIVE:,} live instances of an example in C", "", "KiB", "amount",
        live_instances,
    ),
)  # fmt: skip
