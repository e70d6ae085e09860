"""Opens so many instances of a plugin at once, and prints by how many KiB each makes the process larger.

python3 live.py PLUGIN COUNT
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path

import wardian


def resident() -> int:
    """Bytes of memory that this process has now."""
    pages = int(Path("/proc/self/statm").read_text("utf-8").split()[1])
    return pages * 4096


def main(path: str, count: int) -> None:
    """Open them, look, and close them."""
    limits = wardian.Limits(instances=count)
    with wardian.Runtime() as runtime:
        plugin = runtime.load(path, grants=wardian.Grants(state=True), limits=limits, instances=count)
        plugin.call("count", "to be or not to be")
        gc.collect()
        before = resident()
        pool = plugin._pool
        others = [pool.another() for _ in range(count - 1)]
        for each in others:
            each.call("totals", b"\xf6")  # so that each has done what a guest does
        gc.collect()
        print((resident() - before) / len(others) / 1024)
        for each in others:
            pool.release(each)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
