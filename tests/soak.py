"""A soak: everything a runtime does, again and again, in threads, while what the process holds is watched.

    python tests/soak.py --seconds 600

Prints a table of samples, and ends with exit code 1 when memory, mappings, descriptors or threads grow after a warm-up.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import ctypes
import gc
import logging
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import wardian
from support.wat import wasm_of

GUESTS = Path(__file__).parent / "guests"
WORKERS = 4
WARM_UP = 0.3  # of the time: caches fill, and the allocator finds its size
MOST_GROWTH = 2**20  # bytes of resident memory for 10,000 instances
ASYNCHRONOUS = 64  # calls by `acall` that run at once, each on a thread of the runtime's own
# What may be there more at the end than after the warm-up: a thread that just ends, with some mappings for its stack
# and its heap, and a connection of the store of state.
SLACK = {"maps": 24, "files": 8, "threads": WORKERS}
COLUMNS = (
    "seconds",
    "calls",
    "instances",
    "traps",
    "ended",
    "loads",
    "compiles",
    "resident",
    "maps",
    "files",
    "threads",
)


@dataclass
class Sample:
    """What was done so far, and what the process holds."""

    seconds: float
    counts: dict[str, int]
    resident: int
    maps: int
    files: int
    threads: int

    def row(self) -> str:
        """One line of the table."""
        values = [f"{self.seconds:.0f}", *(str(self.counts.get(name, 0)) for name in COLUMNS[1:7])]
        values += [f"{self.resident / 2**20:.1f} MiB", str(self.maps), str(self.files), str(self.threads)]
        return " ".join(f"{value:>11}" for value in values)


@dataclass
class Soak:
    """The plugins of one soak, and what was done with them."""

    runtime: wardian.Runtime
    counts: Counter[str] = field(default_factory=Counter)
    samples: list[Sample] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Load what lives as long as the soak."""
        self.began = time.monotonic()
        self.lock = threading.Lock()
        load, state = self.runtime.load, wardian.Grants(state=True)
        short = wardian.Limits(deadline=0.02)
        self.echoes = load(guest("echoes"), name="echoes", instances=WORKERS)
        self.fresh = load(guest("counts"), name="fresh", fresh=True)
        self.counter = load(guest("counts"), name="counts", instances=WORKERS)
        self.remembers = load(guest("remembers"), name="remembers", grants=state, instances=WORKERS)
        self.short = load(guest("spins"), name="short", limits=short, instances=WORKERS)
        self.cancelled = [load(guest("spins"), name=f"spins {number}") for number in range(WORKERS)]
        asyncio.run(self.occupy())

    async def occupy(self) -> None:
        """Make as many calls at once as there can be: `acall` keeps a thread for each, which would else come later."""
        together = threading.Barrier(ASYNCHRONOUS, timeout=60)
        functions = {"one": lambda _: together.wait() * 0, "two": lambda _: None}
        limits = wardian.Limits(deadline=60)
        with self.runtime.load(
            guest("takes"), name="takes", functions=functions, instances=ASYNCHRONOUS, limits=limits
        ) as takes:
            await asyncio.gather(*(takes.acall("leave") for _ in range(ASYNCHRONOUS)))

    def did(self, **counts: int) -> None:
        """Count what was done."""
        with self.lock:
            self.counts.update(counts)

    def round(self, worker: int, number: int) -> None:
        """A bit of everything, on one thread."""
        for value in range(200):
            assert self.echoes.call("echo", value) == value
        for _ in range(100):
            assert self.fresh.call("next") == 1
        self.did(calls=300, instances=100)
        for entry in ("trap", "lie", "fail"):
            failing(self.counter, entry, (wardian.Trap, wardian.AbiViolation, wardian.GuestError))
        for entry in ("add_and_trap", "add_and_fail", "add"):
            failing(self.remembers, entry, (wardian.Trap, wardian.GuestError))
        self.did(calls=6, instances=3, traps=3)
        failing(self.short, "spin", wardian.DeadlineExceeded)
        timer = threading.Timer(0.01, self.cancelled[worker].cancel)
        timer.start()
        failing(self.cancelled[worker], "spin", (wardian.Cancelled, wardian.DeadlineExceeded))
        timer.join()
        self.did(calls=2, instances=2, ended=2)
        grants = wardian.Grants(state=True)
        for again in range(5):  # each as an instance of its own name
            name = f"{worker} {number} {again}"
            with self.runtime.load(guest("remembers"), name="reloaded", instance=name, grants=grants) as plugin:
                failing(plugin, "add_and_fail", wardian.GuestError)
        assert asyncio.run(self.echoes.acall("echo", "a")) == "a"
        self.did(calls=6, instances=5, loads=5)

    def compile(self, number: int) -> None:
        """One module that nobody has seen, one that is none, and a runtime of its own."""
        text = (GUESTS / "echoes.wat").read_text().replace('"echo"', f'"echo{number}"')
        with self.runtime.load(wasm_of.__wrapped__(text), name="new") as plugin:
            assert plugin.call(f"echo{number}", 1) == 1
        try:
            self.runtime.compile(wasm_of.__wrapped__("(module)") + b"\xff%d" % number)
        except wardian.PackageError:
            self.did(compiles=1)
        with wardian.Runtime(cache=None) as runtime:
            runtime.close()
        self.did(calls=1, instances=1, loads=1, compiles=1)

    def sample(self) -> Sample:
        """Look at the process while nothing runs."""
        for _ in range(2):
            gc.collect()
        ctypes.CDLL(None).malloc_trim(0)  # what was freed is given back, so that only what is held is counted
        page = os.sysconf("SC_PAGE_SIZE")
        taken = Sample(
            seconds=time.monotonic() - self.began,
            counts=dict(self.counts),
            resident=int(Path("/proc/self/statm").read_text().split()[1]) * page,
            maps=Path("/proc/self/maps").read_text().count("\n"),
            files=sum(1 for _ in Path("/proc/self/fd").iterdir()),
            threads=threading.active_count(),
        )
        self.samples.append(taken)
        return taken


def guest(name: str) -> bytes:
    """The wasm of `tests/guests/<name>.wat`."""
    return wasm_of((GUESTS / f"{name}.wat").read_text())


def failing(plugin: wardian.Plugin, entry: str, expected: type[Exception] | tuple[type[Exception], ...]) -> None:
    """Call what may fail so."""
    with contextlib.suppress(expected):
        plugin.call(entry)


def growth(samples: list[Sample]) -> list[str]:
    """What grew after the warm-up; nothing, when all is well.

    Memory is judged by the slope of a line through all samples, by instances made; the rest by its least values in the
    first and in the last third.
    """
    kept = [sample for sample in samples if sample.seconds >= WARM_UP * samples[-1].seconds]
    made = [sample.counts["instances"] for sample in kept]
    middle = sum(made) / len(made)
    held = sum(sample.resident for sample in kept) / len(kept)
    spread = sum((x - middle) ** 2 for x in made)
    slope = sum((x - middle) * (sample.resident - held) for x, sample in zip(made, kept, strict=True)) / spread
    faults = []
    if slope * 10_000 > MOST_GROWTH:
        faults.append(f"resident memory grows by {slope * 10_000 / 2**20:.2f} MiB for each 10,000 instances")
    third = max(1, len(kept) // 3)
    for what, slack in SLACK.items():
        first, last = (min(getattr(each, what) for each in part) for part in (kept[:third], kept[-third:]))
        if last > first + slack:
            faults.append(f"{what} grow from {first} to {last}")
    return faults


def soak(seconds: float) -> list[str]:
    """Run for so long; gives what grew."""
    logging.disable(logging.CRITICAL)  # what fails here is meant to
    with (
        tempfile.TemporaryDirectory() as folder,
        wardian.Runtime(cache=Path(folder) / "cache", state=Path(folder) / "state.db") as runtime,
        ThreadPoolExecutor(WORKERS) as workers,
    ):
        work = Soak(runtime)
        print(" ".join(f"{name:>11}" for name in COLUMNS), flush=True)
        number, shown, pause = 0, 0.0, seconds / 20
        while time.monotonic() - work.began < seconds:
            running = [workers.submit(work.round, worker, number) for worker in range(WORKERS)]
            if number % 4 == 0:
                work.compile(number)
            for each in running:
                each.result()
            number += 1
            taken = work.sample()
            if taken.seconds - shown >= pause:
                print(taken.row(), flush=True)
                shown = taken.seconds
        print(work.samples[-1].row())
        return growth(work.samples)


def main() -> None:
    """Reads the command line and soaks."""
    parser = argparse.ArgumentParser(description="Do everything a runtime does until something grows.")
    parser.add_argument("--seconds", type=float, default=600.0, help="for how long (default: %(default)g)")
    faults = soak(parser.parse_args().seconds)
    for fault in faults:
        print(fault, file=sys.stderr)
    print("something grows" if faults else "nothing grows")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
