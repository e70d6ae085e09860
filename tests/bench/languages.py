"""Measures plugins in each language that there is an SDK for, beside a module that does the same by hand.

    python3 tests/bench/languages.py [--only LANGUAGE …] [--quick] [--page FILE]

Ends with 1 when a bound of `languages.toml` is not kept, or memory grows.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

from timing import FULL, QUICK, Side, in_turns

import wardian
from wardian.plugins.instances import memory
from wardian.toolchain import languages
from wardian.toolchain.build import build
from wardian.toolchain.node import NODE
from wardian.toolchain.project import find
from wardian.toolchain.sdk import folder as sdk

HERE = Path(__file__).parent
GREET = HERE.parents[1] / "guest_examples" / "greet"
USERS = {"Ada": {"id": 7, "full_name": "Ada Lovelace"}}
REQUEST = {"name": "Ada"}
EXPECTED = {"text": "Hello, Ada Lovelace!", "user": USERS["Ada"]}
RECORDS = [wardian.Record({"text": "to be or not to be"}) for _ in range(1_000)]
BY_HAND = "by hand"
LIMITS = wardian.Limits(memory="256MiB", deadline=60, start_deadline=60)


@dataclass(frozen=True)
class Row:
    """What was measured of one language: medians, in the units of their names."""

    name: str
    title: str
    size: int
    build_seconds: float
    call_us: float
    record_us: float
    start_ms: float
    fresh_us: float
    resting: int
    grown: int


class Workplace:
    """Plugins in one language, loaded on one runtime."""

    def __init__(self, runtime: wardian.Runtime, folder: Path, name: str) -> None:
        self.name, self._runtime, self._folder = name, runtime, folder
        self.title = "WebAssembly by hand" if name == BY_HAND else languages.language(name).title
        begun = time.perf_counter()
        self.module = self._built()
        self.build_seconds = time.perf_counter() - begun
        self.greet = self._load()
        assert self.greet.call("greet", REQUEST) == EXPECTED, name

    def _built(self) -> Path:
        if self.name == BY_HAND:
            return HERE / "guests" / "greet.wat"
        return build(find(GREET / languages.folder(self.name)), self._folder / f"{self.name}.wasm").module

    def _load(self, **more: object) -> wardian.Plugin:
        functions = {"lookup_user": USERS.get}
        return self._runtime.load(
            self.module, name=f"greet in {self.name} {len(more)}", functions=functions, limits=LIMITS, **more
        )

    def fresh(self) -> wardian.Plugin:
        """The same with a new instance for each call."""
        return self._load(fresh=True)

    def start(self) -> float:
        """Seconds from a compiled module in the cache to its first reply."""
        begun = time.perf_counter()
        with self._load(instance=f"start {begun}") as plugin:
            plugin.call("greet", REQUEST)
            return time.perf_counter() - begun

    def processor(self) -> wardian.Processor | None:
        """The template of a processor."""
        if self.name == BY_HAND:
            return None
        template = self._folder / f"{self.name}-processor"
        shutil.copytree(sdk() / languages.folder(self.name) / "templates" / "processor", template)
        module = build(find(template), self._folder / f"{self.name}-processor.wasm").module
        return self._runtime.load(module, name=f"words in {self.name}", limits=LIMITS).processor()


def main() -> int:
    """Measure, print, and write the page where that is asked for; gives the exit code."""
    asked = _arguments()
    names = [name for name in languages.NAMES if name != "wat" and (not asked.only or name in asked.only)]
    bounds = tomllib.loads((HERE / "languages.toml").read_text("utf-8"))
    with (
        tempfile.TemporaryDirectory(prefix="wardian-bench-") as made,
        wardian.Runtime(cache=f"{made}/cache") as runtime,
    ):
        rows = measure(runtime, Path(made), [BY_HAND, *names], quick=asked.quick)
    node = started(1 if asked.quick else 9)
    broken = judge(rows, bounds, node)
    table = write(rows, node)
    print(table, end="")
    print(*broken, sep="\n", end="\n" if broken else "")
    if asked.page:
        _into_page(asked.page, table)
    return 1 if broken and not asked.quick else 0


def measure(runtime: wardian.Runtime, folder: Path, names: list[str], *, quick: bool) -> list[Row]:
    """A row for each name; what is compared is measured in turns."""
    effort, calls = (QUICK, 100) if quick else (FULL, 100_000)
    places = []
    for name in names:
        print(f"building {name} …", file=sys.stderr)
        places.append(Workplace(runtime, folder, name))
    print("measuring …", file=sys.stderr)
    called = in_turns(effort, *(_side("ours('greet', value)", place.greet.call) for place in places))
    fresh = in_turns(effort, *(_side("ours('greet', value)", place.fresh().call) for place in places))
    processors = [place.processor() for place in places]
    batches = in_turns(
        effort, *(Side("ours(records)", {"ours": each, "records": RECORDS}) for each in processors if each)
    )
    batch = iter(batches)
    rows = []
    for at, place in enumerate(places):
        starts = [place.start() for _ in range(1 if quick else 9)]
        for _ in range(min(calls, 50_000)):  # collectors of garbage find their size first, Go's after 30,000
            place.greet.call("greet", REQUEST)
        resting = memory(place.greet)
        for _ in range(calls):
            place.greet.call("greet", REQUEST)
        per_record = statistics.median(next(batch)) / len(RECORDS) * 1e6 if processors[at] else 0.0
        rows.append(
            Row(
                place.name, place.title, place.module.stat().st_size, place.build_seconds,
                statistics.median(called[at]) * 1e6, per_record, statistics.median(starts) * 1e3,
                statistics.median(fresh[at]) * 1e6, resting, memory(place.greet) - resting,
            )
        )  # fmt: skip
    return rows


def started(times: int) -> float:
    """Seconds in which a Node starts, does nothing, and ends."""
    command = [*(NODE.find() or ("node",)), "-e", "0"]
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        subprocess.run(command, check=True)
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def judge(rows: list[Row], bounds: dict[str, dict[str, float]], node: float) -> list[str]:
    """What does not hold, in words."""
    at_least = bounds.pop("node")
    by_hand, c = rows[0], next((row for row in rows if row.name == "c"), None)
    broken = []
    for row in rows[1:]:
        found = {"call": row.call_us / by_hand.call_us, "size": float(row.size)}
        if c is not None:
            found["fresh"] = row.fresh_us / c.fresh_us
        broken += [
            f"{row.name}: `{kind}` is {found[kind]:.4g}, of at most {bound[row.name]:g}"
            for kind, bound in bounds.items()
            if row.name in bound and found.get(kind, 0.0) > bound[row.name]
        ]
        if row.name in at_least and node * 1e6 / row.fresh_us < at_least[row.name]:
            broken.append(f"{row.name}: node starts in {node * 1e6 / row.fresh_us:.0f} times as long")
        if row.grown:
            broken.append(f"{row.name}: memory grew by {row.grown} bytes")
    return broken


def write(rows: list[Row], node: float) -> str:
    """The table of the page, and what `node` takes."""
    headings = (
        "language", "module", "build", "`greet`", "times by hand", "a record of 1,000", "fresh instance and call",
        "start from cache", "memory",
    )  # fmt: skip
    lines = [f"| {' | '.join(headings)} |", "|---" * len(headings) + "|"]
    lines += [
        f"| {row.title} | {_size(row.size)} | {row.build_seconds:.1f} s | {row.call_us:.1f} µs | "
        f"{row.call_us / rows[0].call_us:.2f} | {f'{row.record_us:.2f} µs' if row.record_us else ''} | "
        f"{row.fresh_us:.0f} µs | {row.start_ms:.1f} ms | {row.resting // 1024:,} KiB |"
        for row in rows
    ]
    script = next((row for row in rows if row.name == "javascript"), None)
    if script is not None:
        times = f"{node * 1e6 / script.fresh_us:.0f} times a fresh instance in JavaScript and its call"
        lines += ["", f"To start `node` and end it took {node * 1e3:.0f} ms: {times}."]
    return "\n".join(lines) + "\n"


def _size(size: int) -> str:
    return f"{size / 1000:,.1f} kB" if size < 1_000_000 else f"{size / 1e6:.2f} MB"


def _side(statement: str, ours: object) -> Side:
    return Side(statement, {"ours": ours, "value": REQUEST})


def _into_page(page: Path, table: str) -> None:
    """Put the table where the page has one."""
    text = page.read_text("utf-8")
    before, mark, rest = text.partition("<!-- measured -->\n")
    _, end, after = rest.partition("<!-- end -->\n")
    if not (mark and end):
        sys.exit(f"{page} has no place for the table")
    page.write_text(f"{before}{mark}{table}{end}{after}", "utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", nargs="+", choices=languages.NAMES, metavar="LANGUAGE", help="measure only these")
    parser.add_argument("--quick", action="store_true", help="one short repetition each; bounds are not enforced")
    parser.add_argument("--page", type=Path, metavar="FILE", help="put the table into this page")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
