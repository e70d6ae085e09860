"""Takes few records through a pipeline, then many, and prints what a record costs and what the process takes.

python3 long_run.py FOLDER CACHE DELIVERY FEW MANY
"""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path

import flow

_BATCH = 1_000


def main() -> None:
    """Measure, and print JSON."""
    folder, cache, delivery, few, many = sys.argv[1:]
    cost: dict[str, list[float]] = {"few": [], "many": []}
    memory: dict[str, list[float]] = {"few": [], "many": []}
    for name, count, times in (("few", int(few), 9), ("many", int(many), 1)):
        for _ in range(times):
            taken = flow.guests(Path(folder), Path(cache), count, _BATCH, delivery)
            cost[name].append(taken / count * 1e6)
        gc.collect()
        memory[name].append(_resident())
    print(json.dumps({"cost": cost, "memory": memory}))


def _resident() -> float:
    """MiB that are resident."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


if __name__ == "__main__":
    main()
