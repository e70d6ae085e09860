"""A crowd: a thousand instances of ten plugins in a hundred pipelines, of which ten have a plugin that traps at random.

    python tests/crowd.py --seconds 600

The ninety healthy pipelines run alone first, and then beside the ten others, at the same load. Prints a table of
samples, and ends with exit code 1 when a record is lost, memory grows, or the healthy ones have less than 90 % of the
rate that they had alone.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import logging
import os
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.flows import Capture, flow_wasm
from wardian.bindings.descriptions import Descriptions
from wardian.bindings.opener import Opener
from wardian.config.loading import load
from wardian.config.secrets import Secrets
from wardian.endpoints.kinds import TYPES
from wardian.pipeline.plan import Plan, plan
from wardian.pipeline.run import Run
from wardian.plugins.runtime import Runtime
from wardian.state.routed import RoutedStore
from wardian.transport.dead_letters import DeadLetters
from wardian.transport.journal import Journal

PIPELINES, PLUGINS, STEPS = 100, 10, 8  # a source, the steps and a sink are ten instances
UNLUCKY = 0  # the number of the plugin that traps
TRAPS = 500  # about one record in so many
LOAD = 60  # records of a source each so many milliseconds
PACE = 1_000
ALONE = 0.3  # of the time
WARM_UP = 0.3  # of the rest: caches fill, and the allocator finds its size
MOST_GROWTH = 2 * 2**20  # bytes of resident memory for a million records
LEAST_RATE = 0.9


class Checked(Capture):
    """Takes numbers, and keeps only which are missing."""

    def __init__(self) -> None:
        super().__init__()
        self.count = self.next = self.repeated = 0
        self.missing: set[int] = set()

    def write_values(self, values: Any) -> list[None]:
        """Count them, and note what they left out."""
        for value in values:
            number = value["data"]
            if number >= self.next:
                self.missing.update(range(self.next, number))
                self.next = number + 1
            elif number in self.missing:
                self.missing.discard(number)
            else:
                self.repeated += 1
                continue
            self.count += 1
        return [None] * len(values)


@dataclass
class One:
    """One pipeline of the crowd."""

    run: Run
    log: Journal
    taken: Checked
    path: Path

    def lost(self) -> list[int]:
        """What was read from the source and neither came out nor is a dead letter; once it has stopped."""
        with Journal(self.path, pipeline=self.run.name, sources=["in"], queue_count=10**6, queue_bytes=2**30) as log:
            dead = {each.value["data"] for each in DeadLetters(log._keeper.file).some(most=10**6)}
            done = log.cursor
        return sorted((self.taken.missing - dead) | (set(range(self.taken.next, done)) - dead))


def text() -> str:
    """The configuration of all of them."""
    lines = ["version: 1", "plugins:"]
    lines += [f"  p{at}: {{source: ./p{at}.wasm, grants: {{state: true}}}}" for at in range(PLUGINS)]
    lines.append("sources:")
    lines += [f"  in{at}: {{plugin: p{at}, config: {{per_poll: {LOAD}, interval: {PACE}ms}}}}" for at in range(PLUGINS)]
    lines.append("steps:")
    for at in range(PLUGINS):
        config = f", config: {{trap_in: {TRAPS}}}" if at == UNLUCKY else ""
        lines += [f"  s{at}-{step}: {{plugin: p{at}{config}}}" for step in range(STEPS)]
    lines.append("sinks:")
    lines += [f"  out{at}: {{plugin: p{at}}}" for at in range(PLUGINS)]
    lines += ["  taken: {type: file, config: {path: ./unused.jsonl}}", "pipelines:"]
    for number in range(PIPELINES):
        at = number % PLUGINS
        steps = ", ".join(f"s{at}-{step}" for step in range(STEPS))
        lines.append(
            f"  c{number}: {{sources: [in{at}], steps: [{steps}], sinks: [out{at}, taken], on_error: {{delay: 100ms}}}}"
        )
    return "\n".join(lines)


class Crowd:
    """All of them, in one runtime, each with its log."""

    def __init__(self, folder: Path) -> None:
        for at in range(PLUGINS):
            (folder / f"p{at}.wasm").write_bytes(flow_wasm() + b"\x00\x02\x01" + bytes([at]))
        (folder / "wardian.yaml").write_text(text())
        project = load(folder / "wardian.yaml", types=TYPES).project
        descriptions = Descriptions(project.plugins)
        self.folder, self.logs, self.all = folder, dict[str, Journal](), list[One]()
        store = RoutedStore(lambda scope: self.logs[scope.instance.partition("/")[0]].state, list)
        self.runtime = Runtime(cache=folder / "cache", state=store)
        self.opener = Opener(project, Secrets(), self.runtime, descriptions)
        self.plans = plan(project, descriptions)

    def start(self, plans: list[Plan]) -> list[One]:
        """Open and start these."""
        made = []
        for each in plans:
            path, (source,) = self.folder / f"{each.name}.db", each.sources
            log = Journal(
                path, pipeline=each.name, sources=[source.name], queue_count=10_000, queue_bytes=2**26, patience=30
            )
            self.logs[each.name] = log
            opened = [member for member in each.members if member.name != "taken"]
            uses: dict[str, Any] = dict(self.opener.open(each.name, opened, offset=log.offset))
            taken = uses["taken"] = Checked()
            made.append(One(Run(each, log, uses), log, taken, path))
        for one in made:
            one.run.start()
        self.all += made
        return made

    def close(self) -> None:
        """Stop all at once, and free everything."""
        threads = [threading.Thread(target=one.run.stop, args=(60,)) for one in self.all]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.runtime.close()


@dataclass(frozen=True)
class Sample:
    """What was done so far, and what the process holds."""

    seconds: float
    healthy: int
    records: int
    restarts: int
    resident: int
    threads: int

    def row(self) -> str:
        """One line of the table."""
        values = f"{self.seconds:.0f}", self.healthy, self.records, self.restarts, f"{self.resident / 2**20:.1f} MiB"
        return " ".join(f"{value!s:>11}" for value in (*values, self.threads))


def sample(began: float, healthy: list[One], crowd: Crowd) -> Sample:
    """Look at the process while everything runs."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)  # what was freed is given back, so that only what is held is counted
    return Sample(
        seconds=time.monotonic() - began, healthy=sum(one.taken.count for one in healthy),
        records=sum(one.taken.count for one in crowd.all),
        restarts=sum(each.restarts for one in crowd.all for each in one.run.counters.values()),
        resident=int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE"),
        threads=threading.active_count(),
    )  # fmt: skip


def growth(samples: list[Sample]) -> list[str]:
    """What grew after the warm-up, by the least values in its first and in its last third."""
    first = samples[0].seconds + WARM_UP * (samples[-1].seconds - samples[0].seconds)
    kept = [each for each in samples if each.seconds >= first]
    third = max(1, len(kept) // 3)
    early, late = kept[:third], kept[-third:]
    more = min(each.resident for each in late) - min(each.resident for each in early)
    made = max(1, late[0].records - early[0].records)
    found = []
    if more > 2 * 2**20 and more * 1_000_000 / made > MOST_GROWTH:
        found.append(f"resident memory grows by {more / 2**20:.1f} MiB within {made} records")
    if min(each.threads for each in late) > min(each.threads for each in early):
        found.append("threads grow")
    return found


def rate(samples: list[Sample]) -> float:
    """Records of the healthy ones a second."""
    return (samples[-1].healthy - samples[0].healthy) / (samples[-1].seconds - samples[0].seconds)


def watched(seconds: float, began: float, healthy: list[One], crowd: Crowd) -> list[Sample]:
    """Samples of so many seconds."""
    until, taken = time.monotonic() + seconds, [sample(began, healthy, crowd)]
    while time.monotonic() < until:
        time.sleep(min(seconds / 20, 10))
        taken.append(sample(began, healthy, crowd))
        print(taken[-1].row(), flush=True)
    return taken


def crowd(seconds: float) -> list[str]:
    """Run for so long; gives what is wrong."""
    logging.disable(logging.CRITICAL)  # what fails here is meant to
    with tempfile.TemporaryDirectory() as folder:
        made = Crowd(Path(folder))
        print(" ".join(f"{name:>11}" for name in ("seconds", "healthy", "records", "restarts", "resident", "threads")))
        healthy = made.start([each for at, each in enumerate(made.plans) if at % PLUGINS != UNLUCKY])
        began = time.monotonic()
        time.sleep(3)
        alone = rate(watched(seconds * ALONE, began, healthy, made))
        made.start([each for at, each in enumerate(made.plans) if at % PLUGINS == UNLUCKY])
        beside = watched(seconds * (1 - ALONE), began, healthy, made)
        made.close()
        found = growth(beside)
        lost = {one.run.name: missing for one in made.all if (missing := one.lost())}
        found += [f"{name} lost {len(missing)} records, {missing[:5]} first" for name, missing in lost.items()]
        repeated = sum(one.taken.repeated for one in made.all)
        instances = sum(len(one.run.plan.members) - 1 for one in made.all)
        dead = sum(each.dead for one in made.all for each in one.run.counters.values())
        print(
            f"{instances} instances, {beside[-1].records} records, {beside[-1].restarts} restarts, {dead} dead, "
            f"{sum(map(len, lost.values()))} lost, {repeated} repeated; healthy: {alone:.0f}/s alone, "
            f"{rate(beside):.0f}/s beside the others"
        )
        if rate(beside) < LEAST_RATE * alone:
            found.append(f"healthy pipelines have {rate(beside) / alone:.0%} of their rate alone")
        if beside[-1].restarts < len(made.plans) // PLUGINS:
            found.append("nothing trapped")
        return found


def main() -> None:
    """Reads the command line and runs."""
    parser = argparse.ArgumentParser(description="Run a hundred pipelines, of which ten break at random.")
    parser.add_argument("--seconds", type=float, default=600.0, help="for how long (default: %(default)g)")
    found = crowd(parser.parse_args().seconds)
    for each in found:
        print(each, file=sys.stderr)
    print("something is wrong" if found else "nothing is lost, nothing grows")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
